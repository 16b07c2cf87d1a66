using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Data.Tables.Sas;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using Microsoft.Extensions.Logging.Abstractions;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Verification;
using Proofgate.AzureStores.Accounts;
using Proofgate.AzureStores.Evidence;
using Proofgate.AzureStores.Ledger;
using Proofgate.AzureStores.Tests.Ledger;
using Proofgate.AzureStores.Tests.Vault;
using Proofgate.AzureStores.Vault;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.AzureStores.Tests.Evidence;

/// <summary>Signing where rows and files are real: every fault of one pass, and a key in a vault.</summary>
[Collection(AzuriteGroup.Name)]
public sealed class SigningOnAzuriteTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private const string Log = "audit-00-000000";

    private static readonly LogOrigin Origin = new("gateway.example/audit/log", "audit");

    [Theory]
    [InlineData(HttpPipelinePosition.PerCall)]
    [InlineData(HttpPipelinePosition.PerRetry)]
    public async Task Pass_SurvivesAFault_BeforeAndAfterEveryCallToTableAndBlobs(HttpPipelinePosition position)
    {
        using var signer = Ed25519Signer.Generate();
        var stream = await StreamSample.MakeAsync(5);
        var (points, more) = (0, true);
        for (var call = 0; more; call++)
        {
            more = false;
            foreach (var after in new[] { false, true })
            {
                var (table, container) = await NewAsync(stream);
                var faults = new CallFaults { Call = call, After = after };
                using (var faulty = Writer(table.Over(azurite, faults, position), Over(container, faults, position), signer))
                {
                    await faulty.RunAsync(CancellationToken.None);
                    Assert.False(faulty.Health.Alarm, $"call {call}, after {after}: {faulty.Health.Detail}");
                }

                using (var next = Writer(table, container, signer))
                {
                    await next.RunAsync(CancellationToken.None);
                    Assert.True(next.Health.Healthy, $"call {call}, after {after}: {next.Health.Detail}");
                }

                Assert.Equal(0, (await new LedgerVerifier(new TableLedger(table)).VerifyAsync(null, CancellationToken.None)).ExitCode);
                var report = await VerifyAsync(container, signer);
                Assert.True(report.Report.ExitCode == 0, $"call {call}, after {after}: {string.Join("; ", report.Report.Findings)}");
                Assert.Equal((2L, (long)stream.Leaves), (report.Checkpoints, report.Report.Logs.Single().Size));
                more |= faults.Hit;
                points += faults.Hit ? 1 : 0;
            }
        }

        output.WriteLine($"{points} faults {position}");
        Assert.True(points > 40);
    }

    [Fact]
    public async Task Pass_NeedsNoMoreThanToReadAndToAdd_ChangesOfTheKeyIncluded()
    {
        using var signer = Ed25519Signer.Generate();
        using var next = Ed25519Signer.Generate();
        var (table, container) = await NewAsync(await StreamSample.MakeAsync(5));
        var until = TimeProvider.System.GetUtcNow().AddHours(1);
        var limitedTable = new TableClient(table.GenerateSasUri(TableSasPermissions.Read | TableSasPermissions.Add, until));
        var limitedContainer = new BlobContainerClient(
            container.GenerateSasUri(BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List | BlobContainerSasPermissions.Create, until));
        foreach (var (key, former) in ((ILogSigner, ILogSigner?)[])[(signer, null), (next, signer), (next, null)])
        {
            using var writer = Writer(limitedTable, limitedContainer, key, former);
            await writer.RunAsync(CancellationToken.None);
            Assert.True(writer.Health.Healthy, writer.Health.Detail);
        }

        var report = await new EvidenceVerifier(new BlobEvidenceStore(container)).VerifyAsync(new EvidenceOptions { Pinned = [Pin(next), Pin(signer)] }, CancellationToken.None);
        Assert.Equal((0, 1L), (report.Report.ExitCode, report.KeyChanges));

        // Evidence that is deleted, by whoever has that right: the table remembers, under the same rights.
        await foreach (var blob in container.GetBlobsAsync())
            await container.DeleteBlobAsync(blob.Name);
        using var after = Writer(limitedTable, limitedContainer, next);
        await after.RunAsync(CancellationToken.None);
        Assert.True(after.Health.Alarm);
        Assert.Contains("evidence was deleted", after.Health.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VaultsKey_SignsCheckpoints_ThatEveryVerifierAccepts_AStrangersToo()
    {
        await using var vault = await PlayedVault.StartAsync();
        var stream = await StreamSample.MakeAsync(20);
        var (table, container) = await NewAsync(stream);
        var signer = new VaultLogSigner(vault.Client());
        using (var writer = Writer(table, container, signer))
        {
            await writer.RunAsync(CancellationToken.None);
            Assert.True(writer.Health.Healthy, writer.Health.Detail);
        }

        var report = await VerifyAsync(container, signer);
        Assert.True(report.Report.ExitCode == 0, string.Join("; ", report.Report.Findings));
        var store = new BlobEvidenceStore(container);
        var checkpoint = (await store.ReadAsync($"{Log}/checkpoints/{stream.Leaves}", SignedNote.MaxBytes, CancellationToken.None))!;

        using var folder = new TemporaryFolder();
        using var key = Ed25519Signer.Generate();
        using var witness = new Witness(folder.Of("witness"), new Cosigner("w", key, TimeProvider.System), [Pin(signer)]);
        Assert.Equal(200, (await witness.AddAsync(Witness.Request(0, [], checkpoint), CancellationToken.None)).Status);

        var id = new AuditId(Guid.Parse((string)JsonNode.Parse(stream.Records[3].Body.Span)!["id"]!));
        var found = Assert.IsType<ReceiptSearch.Found>(
            await new EvidenceReader(store, new TableLedger(table), Origin, TimeProvider.System, []).FindAsync(id, CancellationToken.None));
        await File.WriteAllBytesAsync(folder.Of("receipt"), found.Proof.ToBytes());
        await File.WriteAllBytesAsync(folder.Of("checkpoint"), checkpoint);
        Assert.True((bool)(await NodeAsync(Pin(signer).ToString(), folder.Of("receipt"), folder.Of("checkpoint")))["ok"]!);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.False((bool)(await NodeAsync(Pin(new EcdsaSigner(other)).ToString(), folder.Of("receipt")))["ok"]!);
    }

    [Fact]
    public async Task Vault_ThatLiesOrRefuses_YieldsNoCheckpoint_AndTheNextPassSigns()
    {
        await using var vault = await PlayedVault.StartAsync();
        var (table, container) = await NewAsync(await StreamSample.MakeAsync(5));
        using var writer = Writer(table, container, new VaultLogSigner(vault.Client()));
        var refused = true;
        vault.Instead = http =>
        {
            http.Response.StatusCode = refused ? 403 : 200;
            return Task.FromResult(refused);
        };
        await UnsignedAsync("needs keys/get and keys/sign");
        refused = false;
        vault.Forge = static _ => new byte[VaultKey.SignatureBytes];
        await UnsignedAsync("does not verify under the key");
        vault.Forge = null;
        await writer.RunAsync(CancellationToken.None);
        Assert.True(writer.Health.Healthy, writer.Health.Detail);

        async Task UnsignedAsync(string told)
        {
            await writer.RunAsync(CancellationToken.None);
            Assert.False(writer.Health.Healthy);
            Assert.Contains(told, writer.Health.Detail, StringComparison.Ordinal);
            await foreach (var path in new BlobEvidenceStore(container).PathsAsync("", CancellationToken.None))
                Assert.DoesNotContain("/checkpoints/", path, StringComparison.Ordinal);
        }
    }

    private async Task<(TableClient Table, BlobContainerClient Container)> NewAsync(StreamSample stream)
    {
        var table = await Tables.NewAsync(azurite);
        var container = Client($"s{Guid.NewGuid():N}", new BlobClientOptions());
        await container.CreateAsync();
        var writer = await stream.WriterAsync(new TableLedger(table), LedgerInsertion.Transaction);
        await writer.AppendAsync(stream.Records, CancellationToken.None);
        return (table, container);
    }

    private BlobContainerClient Over(BlobContainerClient container, CallFaults faults, HttpPipelinePosition position)
    {
        var options = new BlobClientOptions();
        options.AddPolicy(faults, position);
        return Client(container.Name, options);
    }

    private BlobContainerClient Client(string name, BlobClientOptions options)
    {
        ClientSettings.Apply(options);
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(2);
        return new BlobContainerClient(azurite.ConnectionString, name, options);
    }

    private static CheckpointWriter Writer(TableClient table, BlobContainerClient container, ILogSigner signer, ILogSigner? former = null) => new(
        new TableLedger(table), new BlobEvidenceStore(container), signer, Origin, TimeProvider.System, NullLogger<CheckpointWriter>.Instance,
        former is null ? null : new FormerLogKey(former));

    private static VerifierKey Pin(ILogSigner signer) => signer.KeyFor(Origin.Of(Origin.SuperLog));

    private static Task<EvidenceReport> VerifyAsync(BlobContainerClient container, ILogSigner signer) =>
        new EvidenceVerifier(new BlobEvidenceStore(container)).VerifyAsync(new EvidenceOptions { Pinned = [Pin(signer)] }, CancellationToken.None);

    private static async Task<JsonNode> NodeAsync(params string[] args)
    {
        await using var node = ManagedProcess.Start("node", [RepositoryRoot.Of("tests", "peers", "tlog-verify.mjs"), .. args]);
        node.Input.Close();
        await node.WaitForExitAsync();
        return JsonNode.Parse(string.Join('\n', node.Output))!;
    }
}
