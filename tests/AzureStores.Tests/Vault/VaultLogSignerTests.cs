using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Audit;
using Proofgate.Audit.Notes;
using Proofgate.AzureStores.Vault;

namespace Proofgate.AzureStores.Tests.Vault;

/// <summary>The log's key in a vault: over TLS on loopback, with a key that really signs.</summary>
public sealed class VaultLogSignerTests
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes("gateway.example/audit/log/audit-super\n1\nAAAA\n");

    [Fact]
    public async Task Note_VerifiesUnderTheVaultsKey_AndAskedAreThatVersionsKeyAndSignatureOnly()
    {
        await using var vault = await PlayedVault.StartAsync();
        var signer = new VaultLogSigner(vault.Client());
        Assert.Throws<InvalidOperationException>(() => signer.PublicKey);
        await signer.OpenAsync(CancellationToken.None);
        await signer.OpenAsync(CancellationToken.None);
        Assert.Equal(vault.Key.ExportSubjectPublicKeyInfo(), signer.PublicKey.ToArray());
        var note = await signer.SignNoteAsync("gateway.example/audit/log/audit-super", Text, CancellationToken.None);
        Assert.True(SignedNote.TryParse(note.ToBytes(), out var read) && read.TryVerify([signer.KeyFor("gateway.example/audit/log/audit-super")], out _));
        Assert.True(VerifierKey.TryParse(signer.KeyFor("a").ToString(), out var pinned) && pinned.Type == NoteKeyType.Ecdsa);
        const string bearer = "Bearer token-for-https://vault.azure.net/.default";
        Assert.Equal(
            [("GET", "/keys/log/0123456789abcdef?api-version=7.4", bearer), ("POST", "/keys/log/0123456789abcdef/sign?api-version=7.4", bearer)], vault.Asked);
    }

    [Theory]
    [InlineData("zero")]
    [InlineData("other key")]
    [InlineData("other text")]
    [InlineData("der")]
    public async Task Signature_ThatIsNotTheKeys_NeverBecomesANote(string kind)
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var vault = await PlayedVault.StartAsync();
        vault.Forge = digest => kind switch
        {
            "zero" => new byte[VaultKey.SignatureBytes],
            "other key" => other.SignHash(digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            "der" => vault.Key.SignHash(digest, DSASignatureFormat.Rfc3279DerSequence),
            _ => vault.Key.SignHash(SHA256.HashData("other"u8), DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
        };
        var signer = new VaultLogSigner(vault.Client());
        var error = await Assert.ThrowsAnyAsync<Exception>(async () => await signer.SignAsync(Text, CancellationToken.None));
        if (kind == "der")
            Assert.Equal("The key 'log' in Key Vault did not sign: its answer was not understood.", Assert.IsType<EvidenceUnavailableException>(error).Message);
        else
            Assert.Contains("does not verify", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "status 403 (this identity needs keys/get and keys/sign)", 1)]
    [InlineData(404, "status 404 (there is no such version of the key)", 1)]
    [InlineData(429, "status 429", 4)]
    [InlineData(503, "status 503", 4)]
    [InlineData(302, "status 302", 1)]
    public async Task Vault_ThatRefuses_IsNamed_AndOnlyWhatMayPassIsTriedAgain(int status, string told, int attempts)
    {
        await using var vault = await PlayedVault.StartAsync();
        vault.Instead = http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = "/elsewhere";
            return Task.FromResult(true);
        };
        var signer = new VaultLogSigner(vault.Client());
        var error = await Assert.ThrowsAsync<EvidenceUnavailableException>(async () => await signer.OpenAsync(CancellationToken.None));
        Assert.Equal($"The key 'log' in Key Vault did not give its public key: {told}.", error.Message);
        Assert.Equal(attempts, vault.Asked.Count);
    }

    [Fact]
    public async Task Vault_ThatIsBusyForAWhile_Signs()
    {
        await using var vault = await PlayedVault.StartAsync();
        var answers = new Queue<int>([429, 0, 503, 429, 0]);
        vault.Instead = http =>
        {
            var status = answers.Dequeue();
            http.Response.StatusCode = status == 0 ? 200 : status;
            return Task.FromResult(status != 0);
        };
        var signer = new VaultLogSigner(vault.Client());
        Assert.NotEmpty(await signer.SignAsync(Text, CancellationToken.None));
        Assert.Empty(answers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"key\":{\"kid\":1}}")]
    [InlineData("{\"key\":{\"kid\":\"https://other.example/keys/log/1\"}}")]
    [InlineData("long")]
    public async Task Answer_ThatIsNone_IsAnOutage_WithoutItsWords(string body)
    {
        await using var vault = await PlayedVault.StartAsync();
        vault.Instead = async http =>
        {
            await http.Response.WriteAsync(body == "long" ? $"{{\"x\":\"{new string('x', 32 * 1024)}\"}}" : body);
            return true;
        };
        var error = await Assert.ThrowsAsync<EvidenceUnavailableException>(async () => await new VaultLogSigner(vault.Client()).OpenAsync(CancellationToken.None));
        Assert.Equal("The key 'log' in Key Vault did not give its public key: its answer was not understood.", error.Message);
    }

    [Fact]
    public async Task Key_ThatIsAnother_IsNotTaken()
    {
        await using var vault = await PlayedVault.StartAsync();
        vault.OtherKid = vault.Address.ToString().Replace("0123456789abcdef", "fedcba9876543210", StringComparison.Ordinal);
        await Assert.ThrowsAsync<EvidenceUnavailableException>(async () => await new VaultLogSigner(vault.Client()).OpenAsync(CancellationToken.None));
        (vault.OtherKid, vault.Curve) = (null, "P-384");
        await Assert.ThrowsAsync<EvidenceUnavailableException>(async () => await new VaultLogSigner(vault.Client()).OpenAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Vault_ThatHangs_IsGivenUp_AfterItsTimeAndAtTheLatestAfterHalfAMinute()
    {
        await using var vault = await PlayedVault.StartAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        vault.Instead = async http =>
        {
            asked.TrySetResult();
            // The caller's own time limit ends it.
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };
        var impatient = new VaultLogSigner(vault.Client(networkTimeout: TimeSpan.FromMilliseconds(50)));
        await Assert.ThrowsAsync<EvidenceUnavailableException>(async () => await impatient.OpenAsync(CancellationToken.None));
        Assert.Equal(4, vault.Asked.Count);

        asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var time = new FakeTimeProvider();
        var opening = new VaultLogSigner(vault.Client(time)).OpenAsync(CancellationToken.None).AsTask();
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<EvidenceUnavailableException>(() => opening);

        using var cancelled = new CancellationTokenSource();
        asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        opening = new VaultLogSigner(vault.Client()).OpenAsync(cancelled.Token).AsTask();
        await asked.Task;
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
    }

    /// <summary>r and s of every length: a quarter of all signatures has a leading zero byte or a set top bit in one of them.</summary>
    [Fact]
    public void Der_VerifiesAsTheSignatureThatItWas()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Gen.Byte.Array[0, 100].Sample(
            data =>
            {
                var signature = key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
                Assert.True(key.VerifyData(data, VaultLogSigner.ToDer(signature), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
            },
            iter: 2000);
        Assert.Equal("3007020101020200FF", Convert.ToHexString(VaultLogSigner.ToDer([0, 1, 0, 0xFF])));
    }
}
