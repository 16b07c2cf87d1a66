using System.Security.Cryptography;
using Proofgate.Audit.Notes;
using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

public sealed class AuditLogKeyTests
{
    private const string Name = "gateway.example/audit/log/main-super";

    private static readonly string[] Deployment = ["audit", "log-key", "--origin", "gateway.example/audit/log", "--hub", "main"];

    [Fact]
    public async Task Key_IsMadeForItsOwnerOnly_AndItsVerifierKeyIsPrinted_AndNothingIsOverwritten()
    {
        using var workplace = new Workplace();
        var run = await workplace.RunAsync([.. Deployment, "--out", "log.key", "--json"]);
        Assert.True(run.Exit == 0, run.Error);
        var file = run.Json.GetProperty("keyFile").GetString()!;
        Assert.True(Ed25519Signer.TryParse((await File.ReadAllTextAsync(file)).Trim(), out var signer, out var name));
        Assert.Equal((Name, signer.KeyFor(Name).ToString()), (name, run.Json.GetProperty("logKey").GetString()));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        using var again = new Workplace();
        await File.WriteAllTextAsync(Path.Combine(again.Folder, "log.key"), "kept");
        Assert.Equal(2, (await again.RunAsync([.. Deployment, "--out", "log.key"])).Exit);
        Assert.Equal("kept", await File.ReadAllTextAsync(Path.Combine(again.Folder, "log.key")));
    }

    [Fact]
    public async Task Key_OfAVault_IsNamedByItsPublicHalf()
    {
        using var workplace = new Workplace();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(Path.Combine(workplace.Folder, "vault.pem"), key.ExportSubjectPublicKeyInfoPem());
        var run = await workplace.RunAsync([.. Deployment, "--public-key", "vault.pem"]);
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(VerifierKey.Create(Name, NoteKeyType.Ecdsa, key.ExportSubjectPublicKeyInfo()).ToString(), run.Out.Trim());
    }

    [Theory]
    [InlineData("p384", 2)]
    [InlineData("text", 2)]
    [InlineData("missing", 3)]
    public async Task Key_ThatIsNone_IsSaidToBeNone(string kind, int exit)
    {
        using var workplace = new Workplace();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        if (kind != "missing")
        {
            await File.WriteAllTextAsync(Path.Combine(workplace.Folder, "vault.pem"), kind == "text" ? "no key" : key.ExportSubjectPublicKeyInfoPem());
        }

        Assert.Equal(exit, (await workplace.RunAsync([.. Deployment, "--public-key", "vault.pem"])).Exit);
    }

    [Theory]
    [InlineData("https://gateway.example/", "main")]
    [InlineData("gateway.example", "Main")]
    [InlineData("two words", "main")]
    public async Task Names_AreThoseThatADeploymentCanHave(string origin, string hub)
    {
        using var workplace = new Workplace();
        Assert.Equal(2, (await workplace.RunAsync("audit", "log-key", "--origin", origin, "--hub", hub, "--out", "log.key")).Exit);
        Assert.False(File.Exists(Path.Combine(workplace.Folder, "log.key")));
    }

    [Fact]
    public async Task OneOfMakingAndNaming_IsAsked()
    {
        using var neither = new Workplace();
        Assert.Equal(2, (await neither.RunAsync(Deployment)).Exit);
        using var both = new Workplace();
        Assert.Equal(2, (await both.RunAsync([.. Deployment, "--out", "a", "--public-key", "b"])).Exit);
    }

    [Fact]
    public async Task PinnedKeys_AreAllOfOneLog()
    {
        using var workplace = new Workplace();
        using var key = Ed25519Signer.Generate();
        Directory.CreateDirectory(Path.Combine(workplace.Folder, "copy"));
        var run = await workplace.RunAsync(
            "audit", "verify", "--evidence", "copy", "--log-key", key.KeyFor("a/b-super").ToString(), key.KeyFor("a/c-super").ToString());
        Assert.Equal(2, run.Exit);
        Assert.Contains("all be of one super-log", run.Error, StringComparison.Ordinal);
    }
}
