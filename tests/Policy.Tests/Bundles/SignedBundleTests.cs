using System.Text;
using CsCheck;
using Proofgate.Policy.Bundles;
using Proofgate.Policy.Signing;
using Proofgate.Tests.Support;

namespace Proofgate.Policy.Tests.Bundles;

public sealed class SignedBundleTests : IDisposable
{
    private readonly PolicyHouse _house = new();

    public void Dispose() => _house.Dispose();

    [Fact]
    public void Pack_ComesBackAsItWas_AndIsTheSameForTheSameFiles() => Gen.Dictionary(
            Gen.String[Gen.Char["abcXYZ019-_"], 1, 12].Select(Gen.String[Gen.Char["abc"], 0, 3], static (name, folder) => folder.Length == 0 ? name : $"{folder}.d/{name}"),
            Gen.Byte.Array[0, 40])[1, 8]
        .Where(static files => files.Keys.Select(static k => k.ToUpperInvariant()).Distinct().Count() == files.Count)
        .Sample(
            files =>
            {
                Assert.True(BundlePack.TryWrite(files, out var pack, out _));
                Assert.True(BundlePack.TryWrite(files.Reverse().ToDictionary(), out var again, out _));
                Assert.Equal(pack, again);
                Assert.True(BundlePack.TryRead(pack, out var read, out _));
                Assert.Equal(files.OrderBy(static f => f.Key, StringComparer.Ordinal), read.OrderBy(static f => f.Key, StringComparer.Ordinal));
                Assert.Equal(BundlePack.DigestOf(files), BundlePack.DigestOf(read));
            },
            iter: 300);

    [Fact]
    public void Digest_OfAPack_IsThatOfTheLoadedBundle()
    {
        var files = PolicyHouse.Files(PolicyHouse.Permit);
        Assert.Equal(Assert.IsType<BundleLoad.Loaded>(new BundleLoader([]).Load(files)).Bundle.Digest, BundlePack.DigestOf(files));
    }

    [Theory]
    [InlineData("../p.cedar")]
    [InlineData("a/../p.cedar")]
    [InlineData("/etc/p.cedar")]
    [InlineData("a//p.cedar")]
    [InlineData("a/")]
    [InlineData("./p.cedar")]
    [InlineData(".hidden/p.cedar")]
    [InlineData("p.cedar.")]
    [InlineData("a\\p.cedar")]
    [InlineData("C:p.cedar")]
    [InlineData("p\u0000.cedar")]
    [InlineData("pé.cedar")]
    [InlineData("P.CEDAR")]
    [InlineData("bundle.json/p.cedar")]
    [InlineData("Bundle.JSON/p.cedar")]
    public void Path_ThatNoBundleHas_IsRefused_OnTheWayInAndOut(string path)
    {
        var files = PolicyHouse.Files(PolicyHouse.Permit).ToDictionary();
        files[path] = "x"u8.ToArray();
        Assert.False(BundlePack.TryWrite(files, out _, out var problem));
        Assert.NotEmpty(problem);
        Assert.False(BundlePack.TryRead(Raw([.. files.OrderBy(static f => f.Key, StringComparer.Ordinal)]), out _, out problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void Pack_IsRefused_WhenItIsSpelledOtherwise()
    {
        var (a, b) = (KeyValuePair.Create("a", "1"u8.ToArray()), KeyValuePair.Create("b", "2"u8.ToArray()));
        Assert.True(BundlePack.TryRead(Raw(a, b), out _, out _));
        Assert.False(BundlePack.TryRead(Raw(b, a), out _, out _));
        Assert.False(BundlePack.TryRead(Raw(a, a), out _, out _));
        Assert.False(BundlePack.TryRead(Raw(), out _, out _));
        Assert.False(BundlePack.TryRead([.. Raw(a, b), 0], out _, out _));
    }

    [Fact]
    public void Pack_IsBounded()
    {
        Assert.False(BundlePack.TryWrite(Enumerable.Range(0, BundleLoader.MaxFiles + 1).ToDictionary(static i => $"f{i}", static _ => Array.Empty<byte>()), out _, out _));
        Assert.False(BundlePack.TryWrite(new Dictionary<string, byte[]> { ["f"] = new byte[BundleLoader.MaxBytes + 1] }, out _, out _));
        Assert.True(BundlePack.TryWrite(new Dictionary<string, byte[]> { ["f"] = new byte[BundleLoader.MaxBytes] }, out var largest, out _));
        Assert.True(largest.Length <= BundlePack.MaxBytes);
        Assert.False(BundlePack.TryWrite(new Dictionary<string, byte[]> { [new string('f', 201)] = [] }, out _, out _));

        // Lengths that promise more than there is allocate nothing.
        byte[] promise = [.. "PGPACK1\n"u8, 0xFF, 0xFF, 0x00, 0x01, (byte)'a', 0x7F, 0xFF, 0xFF, 0xFF];
        Assert.False(BundlePack.TryRead(promise, out _, out _));
        promise[^4] = 0xFF;
        Assert.False(BundlePack.TryRead(promise, out _, out _));
    }

    /// <summary>Each byte of it, of whichever class (magic, length, statement, signature, name, content): changed, it is refused; so is each cut.</summary>
    [Fact]
    public async Task EachByte_IsNeeded()
    {
        var good = (await PolicyHouse.SignAsync(_house.Alice, PolicyHouse.Permit, null)).Encode();
        Assert.True(Accepts(good));
        for (var at = 0; at < good.Length; at++)
        {
            Assert.False(Accepts(good.AsSpan(0, at).ToArray()), $"cut at {at}");
            foreach (var change in new byte[] { 1, 0x20, 0x80 })
            {
                var changed = good.ToArray();
                changed[at] ^= change;
                Assert.False(Accepts(changed), $"byte {at} of {good.Length} ^ {change}");
            }
        }

        Assert.False(Accepts([.. good, (byte)'\n']));
        Assert.False(Accepts([]));
    }

    [Fact]
    public async Task Statement_IsRefused_OverOtherFiles()
    {
        var one = await PolicyHouse.SignAsync(_house.Alice, PolicyHouse.Permit, null);
        var other = await PolicyHouse.SignAsync(_house.Alice, PolicyHouse.Permit + " ", null);
        Assert.False(SignedBundle.TryRead((one with { Pack = other.Pack }).Encode(), out _, out var problem));
        Assert.Contains("not those that its author signed", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Envelope_IsRefused_InAnotherSpelling()
    {
        var text = Encoding.UTF8.GetString((await PolicyHouse.SignAsync(_house.Alice, PolicyHouse.Permit, null)).Statement.Encode());
        Assert.True(SignedStatement.TryRead(Encoding.UTF8.GetBytes(text), out _));
        foreach (var other in new[]
        {
            " " + text, text + "\n", text.Replace(":", ": ", StringComparison.Ordinal), text.Replace("\"keyid\":\"alice\"", "\"keyid\":\"\\u0061lice\"", StringComparison.Ordinal),
            text.Replace("}]}", "},{\"keyid\":\"bob\",\"sig\":\"AA==\"}]}", StringComparison.Ordinal), text.Replace("}]}", "}],\"more\":1}", StringComparison.Ordinal),
            "null", "[]", "{}", new string(' ', SignedStatement.MaxBytes + 1),
        })
        {
            Assert.NotEqual(text, other);
            Assert.False(SignedStatement.TryRead(Encoding.UTF8.GetBytes(other), out _), other);
        }
    }

    /// <summary>DSSE's own example of the encoding (protocol.md): what is signed begins with kind and lengths.</summary>
    [Fact]
    public async Task Signature_IsOverThePreAuthenticationEncoding()
    {
        var seen = new Spy();
        await new BundleStatement(new string('a', 64), null, "alice", Callers.Now).SignAsync(seen, CancellationToken.None);
        var body = $$"""{"digest":"{{new string('a', 64)}}","previous":null,"author":"alice","created":"2026-06-15T09:30:00+00:00"}""";
        Assert.Equal($"DSSEv1 42 application/vnd.proofgate.policy-bundle.v1 {body.Length} {body}", seen.Signed);
    }

    private bool Accepts(byte[] bytes) => SignedBundle.TryRead(bytes, out var bundle, out _) && _house.Verifier.JudgeAuthor(bundle.Statement) is null;

    /// <summary>The format written by hand, with none of its rules.</summary>
    private static byte[] Raw(params IReadOnlyList<KeyValuePair<string, byte[]>> files)
    {
        var output = new MemoryStream();
        output.Write("PGPACK1\n"u8);
        output.Write([(byte)(files.Count >> 8), (byte)files.Count]);
        foreach (var (name, content) in files)
        {
            var bytes = Encoding.UTF8.GetBytes(name);
            output.Write([(byte)(bytes.Length >> 8), (byte)bytes.Length]);
            output.Write(bytes);
            output.Write([(byte)(content.Length >> 24), (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length]);
            output.Write(content);
        }

        return output.ToArray();
    }

    private sealed class Spy : IPolicySigner
    {
        internal string Signed { get; private set; } = "";

        public string Key => "alice";

        public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            Signed = Encoding.UTF8.GetString(data.Span);
            return new(new byte[64]);
        }
    }
}
