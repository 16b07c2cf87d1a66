using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Proofgate.Client.Tests;

[Trait("Rule", "D13")]
public sealed class DpopKeyPairTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("proofgate-client-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "key.pem");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void ThumbprintOf_GivesThePublishedValue_ForTheExampleOfRfc7638()
    {
        // RFC 7638, 3.1.
        const string jwk = "{\"e\":\"AQAB\",\"kty\":\"RSA\",\"n\":\"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw\"}";
        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", DpopKeyPair.ThumbprintOf(jwk));
    }

    [Fact]
    public void PublicJwk_IsCanonical_AndHoldsNoPrivateMember()
    {
        using var pair = DpopKeyPair.Create();
        var jwk = JsonDocument.Parse(pair.PublicJwk).RootElement;
        Assert.Equal(["crv", "kty", "x", "y"], jwk.EnumerateObject().Select(m => m.Name));
        Assert.Equal(43, jwk.GetProperty("x").GetString()!.Length);
        Assert.Equal(43, jwk.GetProperty("y").GetString()!.Length);
        Assert.Equal(43, pair.Thumbprint.Length);
    }

    [Fact]
    public void Load_ReturnsTheSameKey_AfterSave()
    {
        using var made = DpopKeyPair.Create();
        made.Save(Path);
        using var read = DpopKeyPair.Load(Path);
        Assert.Equal(made.Thumbprint, read.Thumbprint);
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----", File.ReadAllText(Path), StringComparison.Ordinal);

        using var verifier = ECDsa.Create();
        verifier.ImportFromPem(File.ReadAllText(Path));
        var data = Encoding.ASCII.GetBytes("data");
        Assert.True(verifier.VerifyData(data, read.Sign(data), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    [Fact]
    public void Save_LetsOnlyTheOwnerRead_AndReplacesNothing()
    {
        using var pair = DpopKeyPair.Create();
        pair.Save(Path);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        }

        var before = File.ReadAllText(Path);
        using var other = DpopKeyPair.Create();
        Assert.Throws<IOException>(() => other.Save(Path));
        Assert.Equal(before, File.ReadAllText(Path));
    }

    [Fact]
    public void FromPem_ReadsSec1_AsOpenSslWritesIt()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var pair = DpopKeyPair.FromPem(key.ExportECPrivateKeyPem());
        Assert.Equal(43, pair.Thumbprint.Length);
    }

    public static TheoryData<string> OtherPems()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        return [p384.ExportPkcs8PrivateKeyPem(), p256.ExportSubjectPublicKeyInfoPem(), rsa.ExportPkcs8PrivateKeyPem(), "no key", ""];
    }

    [Theory]
    [MemberData(nameof(OtherPems))]
    public void FromPem_SaysWhy_WhereThereIsNoP256PrivateKey(string pem)
    {
        var failure = Assert.Throws<CryptographicException>(() => DpopKeyPair.FromPem(pem).Dispose());
        Assert.StartsWith("The PEM holds ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ReadsNoFile_LargerThanAnyKey()
    {
        File.WriteAllText(Path, new string('a', 16 * 1024 + 1));
        Assert.Throws<IOException>(() => DpopKeyPair.Load(Path).Dispose());
    }

    [Fact]
    public void ToString_ShowsTheThumbprint_AndNoKey()
    {
        using var pair = DpopKeyPair.Create();
        Assert.Equal($"(P-256 key pair {pair.Thumbprint})", pair.ToString());
    }
}
