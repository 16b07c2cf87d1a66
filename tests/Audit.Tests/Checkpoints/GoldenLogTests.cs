using System.Globalization;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tests.Doubles;
using Proofgate.Audit.Tests.Tiles;
using Proofgate.Audit.Tiles;
using Xunit.Abstractions;

namespace Proofgate.Audit.Tests.Checkpoints;

/// <summary>The golden log of Tessera: verified with our code, and made again with it, byte for byte.</summary>
public sealed class GoldenLogTests(ITestOutputHelper output)
{
    private const string Origin = "example.com/log/testdata";
    private const string Signer = "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg";

    private static string Folder => Path.Combine(Vectors.Folder!, "tessera", "log");

    [VectorFact]
    [Trait("Category", "Vectors")]
    public async Task GoldenLog_Verifies_EveryCheckpointTileAndBundle()
    {
        Assert.True(Ed25519Signer.TryParse(Signer, out var signer, out _));
        var key = signer.KeyFor(Origin);
        var store = new MemoryEvidence();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Folder, "tile"), "*", SearchOption.AllDirectories))
            store.Files["log/" + Path.GetRelativePath(Folder, file).Replace('\\', '/')] = await File.ReadAllBytesAsync(file);
        var (checkpoints, bundles, proofs) = (0, 0, 0);
        foreach (var file in Directory.EnumerateFiles(Folder, "checkpoint*"))
        {
            Assert.True(SignedCheckpoint.TryOpen(await File.ReadAllBytesAsync(file), Origin, [key], out var opened), file);
            var size = opened.Size;
            checkpoints++;
            var tree = new TileTree(new LogFiles(store, "log"), size);
            Assert.Equal(opened.Checkpoint.Root, await tree.RootAsync(default));
            if (size == 0)
                continue;
            var files = new LogFiles(store, "log");
            var entries = await files.TryEntriesAsync(0, (int)size, default);
            Assert.NotNull(entries);
            bundles++;
            for (var i = 0; i < entries.Count; i++, proofs++)
            {
                Assert.Equal(MerkleHash.OfLeaf(entries[i].Span), await tree.LeafAsync(i, default));
                Assert.True(MerkleProof.VerifyInclusion(i, size, MerkleHash.OfLeaf(entries[i].Span), await tree.InclusionAsync(i, default), opened.Checkpoint.Root));
                var old = await new TileTree(files, i + 1).RootAsync(default);
                Assert.True(MerkleProof.VerifyConsistency(i + 1, size, old, opened.Checkpoint.Root, await tree.ConsistencyAsync(i + 1, default)));
            }
        }

        Assert.True(checkpoints > 0);
        output.WriteLine($"{checkpoints} checkpoints, {bundles} bundles, {proofs} inclusion and {proofs} consistency proofs");
        signer.Dispose();
    }

    [VectorFact]
    [Trait("Category", "Vectors")]
    public async Task GoldenLog_IsMadeAgain_ByteForByte()
    {
        Assert.True(Ed25519Signer.TryParse(Signer, out var signer, out _));
        var sizes = Directory.EnumerateFiles(Folder, "checkpoint.*").Where(Path.HasExtension).Select(static f => long.Parse(Path.GetExtension(f)[1..], CultureInfo.InvariantCulture)).Order().ToList();
        var width = (int)sizes[^1];
        var bundle = EntryBundle.TryDecode(await File.ReadAllBytesAsync(Path.Combine(Folder, "tile", "entries", "000.p", $"{width}")), width, wide: false);
        Assert.NotNull(bundle);
        var leaves = bundle.Select(static e => e.Entry!.Value.ToArray()).ToList();
        var store = new MemoryEvidence();
        var notary = new LogNotary(store, "log", Origin, new ListedLeaves(leaves));
        foreach (var size in sizes)
        {
            var root = MerkleProof.Root(leaves.Take((int)size).Select(static l => MerkleHash.OfLeaf(l)).ToArray());
            await notary.SignAsync(size, root, null, static _ => { }, signer, [signer.KeyFor(Origin)], default);
        }

        var compared = 0;
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Where(static f => !f.Contains(".state", StringComparison.Ordinal)))
        {
            var path = Path.GetRelativePath(Folder, file).Replace('\\', '/');
            var ours = path == "checkpoint" ? $"log/checkpoints/{width}" : path.StartsWith("checkpoint.", StringComparison.Ordinal) ? $"log/checkpoints/{path[11..]}" : "log/" + path;
            Assert.True(store.Files.TryGetValue(ours, out var bytes), path);
            Assert.Equal(await File.ReadAllBytesAsync(file), bytes);
            compared++;
        }

        // Nothing that the golden log does not have, beside the one name that it has twice.
        Assert.Equal(compared - 1, store.Files.Count);
        output.WriteLine($"{compared} files made again, byte for byte");
        signer.Dispose();
    }
}
