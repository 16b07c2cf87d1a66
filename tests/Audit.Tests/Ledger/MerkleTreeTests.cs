using System.Text.Json;
using CsCheck;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Tests.Doubles;
using Xunit.Abstractions;

namespace Proofgate.Audit.Tests.Ledger;

public sealed class MerkleTreeTests(ITestOutputHelper output)
{
    private static readonly string[] Leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    /// <summary>The published roots of Certificate Transparency's reference trees over these leaves.</summary>
    private static readonly string[] Roots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void Root_IsThePublishedOne_ForEverySizeOfTheReferenceTree()
    {
        var tree = new MerkleTree();
        for (var size = 0; size <= Leaves.Length; size++)
        {
            Assert.Equal(Roots[size], tree.Root().ToString());
            Assert.Equal(tree.Root(), MerkleTree.From(tree.Size, tree.Frontier).Root());
            if (size < Leaves.Length)
                tree.Append(MerkleHash.OfLeaf(Convert.FromHexString(Leaves[size])));
        }
    }

    [Fact]
    public void Proofs_Verify_AndNoOthersDo_ForEveryPairOfSmallTrees()
    {
        var leaves = Enumerable.Range(0, 33).Select(i => MerkleHash.OfLeaf([(byte)i])).ToArray();
        for (var size = 1; size <= leaves.Length; size++)
        {
            var root = MerkleProof.Root(leaves.AsSpan(0, size));
            for (var i = 0; i < size; i++)
            {
                var path = MerkleProof.Inclusion(i, leaves.AsSpan(0, size));
                Assert.True(MerkleProof.VerifyInclusion(i, size, leaves[i], path, root));
                Assert.False(MerkleProof.VerifyInclusion(i, size, leaves[(i + 1) % leaves.Length], path, root));
                Assert.False(MerkleProof.VerifyInclusion(i, size, leaves[i], [.. path, root], root));
                Assert.Equal(size == 1, MerkleProof.VerifyInclusion(i, size, leaves[i], [.. path.Skip(1)], root));
            }

            for (var old = 1; old <= size; old++)
            {
                var oldRoot = MerkleProof.Root(leaves.AsSpan(0, old));
                var path = MerkleProof.Consistency(old, leaves.AsSpan(0, size));
                Assert.True(MerkleProof.VerifyConsistency(old, size, oldRoot, root, path));
                Assert.False(MerkleProof.VerifyConsistency(old, size, leaves[0], leaves[1], path));
                Assert.False(MerkleProof.VerifyConsistency(old, size, oldRoot, root, [.. path, root]));
            }
        }
    }

    [Fact]
    public void Tree_ContinuedFromItsFrontier_IsTheWholeTree() =>
        Gen.Select(Gen.Int[0, 300], Gen.Int[0, 300]).Sample((first, more) =>
        {
            var whole = new MerkleTree();
            for (var i = 0; i < first; i++)
                whole.Append(MerkleHash.OfLeaf(BitConverter.GetBytes(i)));
            var continued = MerkleTree.From(whole.Size, whole.Frontier);
            for (var i = first; i < first + more; i++)
            {
                whole.Append(MerkleHash.OfLeaf(BitConverter.GetBytes(i)));
                continued.Append(MerkleHash.OfLeaf(BitConverter.GetBytes(i)));
            }

            return whole.Root() == continued.Root() && whole.Frontier.SequenceEqual(continued.Frontier);
        });

    [VectorFact]
    [Trait("Category", "Vectors")]
    public void InclusionProofs_AreJudgedAsPublished()
    {
        var count = 0;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Vectors.Folder!, "merkle", "inclusion"), "*.json"))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            var v = json.RootElement;
            var holds = TryHash(v, "root", out var root) & TryHash(v, "leafHash", out var leaf) & TryPath(v, out var path)
                && MerkleProof.VerifyInclusion(Number(v, "leafIdx"), Number(v, "treeSize"), leaf, path, root);
            Assert.True(holds != v.GetProperty("wantErr").GetBoolean(), Path.GetFileName(file));
            count++;
        }

        Assert.True(count > 0);
        output.WriteLine($"{count} inclusion proofs");
    }

    [VectorFact]
    [Trait("Category", "Vectors")]
    public void ConsistencyProofs_AreJudgedAsPublished()
    {
        var count = 0;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Vectors.Folder!, "merkle", "consistency"), "*.json"))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            var v = json.RootElement;
            var (size1, size2) = (Number(v, "size1"), Number(v, "size2"));
            // Some published roots are words and no hashes; equal sizes compare them as they are.
            var holds = TryHash(v, "root1", out var root1) & TryHash(v, "root2", out var root2) & TryPath(v, out var path)
                ? MerkleProof.VerifyConsistency(size1, size2, root1, root2, path)
                : size1 == size2 && path.Count == 0 && v.GetProperty("root1").GetString() == v.GetProperty("root2").GetString();
            Assert.True(holds != v.GetProperty("wantErr").GetBoolean(), Path.GetFileName(file));
            count++;
        }

        Assert.True(count > 0);
        output.WriteLine($"{count} consistency proofs");
    }

    private static long Number(JsonElement v, string name) => unchecked((long)v.GetProperty(name).GetUInt64());

    private static bool TryHash(JsonElement v, string name, out MerkleHash hash)
    {
        var text = v.GetProperty(name);
        var bytes = text.ValueKind == JsonValueKind.Null ? [] : text.GetBytesFromBase64();
        hash = bytes.Length == MerkleHash.Size ? new MerkleHash(bytes) : default;
        return bytes.Length == MerkleHash.Size;
    }

    private static bool TryPath(JsonElement v, out List<MerkleHash> path)
    {
        path = [];
        if (v.GetProperty("proof").ValueKind == JsonValueKind.Null)
            return true;
        foreach (var node in v.GetProperty("proof").EnumerateArray())
        {
            if (node.GetBytesFromBase64() is not { Length: MerkleHash.Size } bytes)
                return false;
            path.Add(new MerkleHash(bytes));
        }

        return true;
    }
}
