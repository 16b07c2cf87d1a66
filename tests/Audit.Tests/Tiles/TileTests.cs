using CsCheck;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Tests.Doubles;
using Proofgate.Audit.Tiles;

namespace Proofgate.Audit.Tests.Tiles;

public sealed class TileTests
{
    [Theory]
    [InlineData("0/x001/x234/067", 0, 1234067, 256)]
    [InlineData("0/000", 0, 0, 256)]
    [InlineData("7/255.p/3", 7, 255, 3)]
    public void Path_IsThatOfTheSpecification(string path, int level, long index, int width)
    {
        Assert.True(TileId.TryParse(path, out var id));
        Assert.Equal(TileId.Hashes(level, index, width), id);
        Assert.Equal("tile/" + path, id.ToString());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0/")]
    [InlineData("0/0")]
    [InlineData("00/000")]
    [InlineData("8/000")]
    [InlineData("0/x000/000")]
    [InlineData("0/001/000")]
    [InlineData("0/x001")]
    [InlineData("0/000.p")]
    [InlineData("0/000.p/0")]
    [InlineData("0/000.p/256")]
    [InlineData("0/000.p/01")]
    [InlineData("0/x001.p/000")]
    [InlineData("0/../000")]
    [InlineData("0/-01")]
    [InlineData("entries")]
    [InlineData("other/000")]
    [InlineData("0/x999/x999/x999/x999/x999/x999/x999/999")]
    public void Path_IsRefused_WhereItIsNotTheOneSpelling(string path) => Assert.False(TileId.TryParse(path, out _));

    [Fact]
    public void Path_IsReadAsItIsWritten() => Gen.Select(Gen.Int[0, 7], Gen.Long[0, 1L << 40], Gen.Int[1, 256], Gen.Enum<TileKind>()).Sample((level, index, width, drawn) =>
    {
        var kind = drawn <= TileKind.Wide ? drawn : TileKind.Hashes;
        var id = new TileId(kind, kind == TileKind.Hashes ? level : 0, index, width);
        return TileId.TryParse(id.ToString()["tile/".Length..], out var read) && read == id;
    });

    [Fact]
    public void Widths_AreThoseOfTheSpecification_For70000And256Leaves()
    {
        Assert.Equal((256, 112, 0), (TileId.WidthIn(70_000, 0, 272), TileId.WidthIn(70_000, 0, 273), TileId.WidthIn(70_000, 0, 274)));
        Assert.Equal((256, 17, 1), (TileId.WidthIn(70_000, 1, 0), TileId.WidthIn(70_000, 1, 1), TileId.WidthIn(70_000, 2, 0)));
        Assert.Equal((256, 1, 0), (TileId.WidthIn(256, 0, 0), TileId.WidthIn(256, 1, 0), TileId.WidthIn(256, 2, 0)));
    }

    [Fact]
    public void Bundle_IsDecodedAsItWasEncoded_WideOrNot() => Gen.Select(Gen.Int[0, 300].Array[1, 20], Gen.Bool, Gen.Int[0, 19]).Sample((lengths, wide, at) =>
    {
        if (wide)
            lengths[at % lengths.Length] = 65_536 + at;
        var entries = lengths.Select((l, i) => new ReadOnlyMemory<byte>([.. Enumerable.Repeat((byte)i, l)])).ToList();
        Assert.Equal(wide, EntryBundle.IsWide(entries));
        var bundle = EntryBundle.Encode(entries);
        var decoded = EntryBundle.TryDecode(bundle, entries.Count, wide);
        Assert.NotNull(decoded);
        for (var i = 0; i < entries.Count; i++)
        {
            Assert.Equal(entries[i].Length, decoded[i].Length);
            Assert.Equal(entries[i].Length > 65_535 ? null : entries[i].ToArray(), decoded[i].Entry?.ToArray());
        }

        Assert.Null(EntryBundle.TryDecode(bundle, entries.Count + 1, wide));
        Assert.Null(EntryBundle.TryDecode(bundle, entries.Count - 1, wide));
        Assert.Null(EntryBundle.TryDecode(new byte[] { 0xff }, 1, wide));
    });

    [Fact]
    public async Task Tree_OfTiles_HasTheRootsAndProofsOfTheTree_OverTileBorders()
    {
        var leaves = Enumerable.Range(0, 70_000).Select(static i => BitConverter.GetBytes(i)).ToList();
        var hashes = leaves.Select(static l => MerkleHash.OfLeaf(l)).ToArray();
        var store = new MemoryEvidence();
        var files = new LogFiles(store, "log");
        var deriver = new TileDeriver(store, files, new ListedLeaves(leaves));
        long before = 0;
        foreach (var size in (int[])[1, 2, 255, 256, 257, 511, 513, 65_535, 65_536, 65_537, 70_000])
        {
            await deriver.DeriveAsync(before, size, default);
            var tree = new TileTree(new LogFiles(store, "log"), size);
            var root = MerkleProof.Root(hashes.AsSpan(0, size));
            Assert.Equal(root, await tree.RootAsync(default));
            foreach (var index in (int[])[0, size / 3, size / 2, size - 1])
                Assert.Equal(MerkleProof.Inclusion(index, hashes.AsSpan(0, size)), await tree.InclusionAsync(index, default));
            foreach (var old in new[] { 1, size / 3, (int)before, size - 1, size }.Where(o => o > 0 && o <= size))
                Assert.Equal(MerkleProof.Consistency(old, hashes.AsSpan(0, size)), await tree.ConsistencyAsync(old, default));
            Assert.Equal(root, MerkleTree.From(size, await tree.FrontierAsync(default)).Root());
            before = size;
        }

        Assert.Equal(112 * 32, store.Files["log/tile/0/273.p/112"].Length);
        Assert.Equal(32, store.Files["log/tile/2/000.p/1"].Length);
        Assert.DoesNotContain(store.Files.Keys, static k => k.Contains("tile/0/274", StringComparison.Ordinal) || k.Contains("tile/3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task EntriesTooLongForABundle_HaveFilesOfTheirOwn_AndTheSameHashTiles()
    {
        var leaves = Enumerable.Range(0, 5).Select(static i => new byte[i == 3 ? 200_000 : 65_535]).ToList();
        var store = new MemoryEvidence();
        var files = new LogFiles(store, "log");
        await new TileDeriver(store, files, new ListedLeaves(leaves)).DeriveAsync(0, 5, default);
        Assert.Equal(["log/large/003", "log/tile/0/000.p/5", "log/tile/wide/000.p/5"], store.Files.Keys);
        var entries = await files.TryEntriesAsync(0, 5, default);
        Assert.Equal(leaves, entries!.Select(static e => e.ToArray()));
        Assert.Equal(leaves.Select(static l => MerkleHash.OfLeaf(l)), await files.HashesAsync(TileId.Hashes(0, 0, 5), default));
        store.Files.Remove("log/large/003");
        Assert.Null(await files.TryEntriesAsync(0, 5, default));
    }

    [Fact]
    public async Task Tile_ThatIsMissingOrShort_IsDerivedAgain_AndOneThatDiffersIsNot()
    {
        var leaves = Enumerable.Range(0, 600).Select(static i => BitConverter.GetBytes(i)).ToList();
        var store = new MemoryEvidence();
        await new TileDeriver(store, new LogFiles(store, "log"), new ListedLeaves(leaves)).DeriveAsync(0, 600, default);
        var whole = store.Files.ToDictionary();
        store.Files.Remove("log/tile/0/001");
        store.Files.Remove("log/tile/1/000.p/2");
        var again = new TileDeriver(store, new LogFiles(store, "log"), new ListedLeaves(leaves));
        Assert.Equal(MerkleProof.Root(leaves.Select(static l => MerkleHash.OfLeaf(l)).ToArray()), await new TileTree(again, 600).RootAsync(default));
        Assert.Equal(whole["log/tile/0/001"], store.Files["log/tile/0/001"]);
        Assert.Equal(whole["log/tile/1/000.p/2"], store.Files["log/tile/1/000.p/2"]);

        store.Files["log/tile/0/001"][5] ^= 1;
        var strict = new TileDeriver(store, new LogFiles(store, "log"), new ListedLeaves(leaves));
        await Assert.ThrowsAsync<EvidenceDamagedException>(() => strict.DeriveAsync(0, 600, default));
        Assert.NotEqual(whole["log/tile/0/001"], store.Files["log/tile/0/001"]);
    }
}
