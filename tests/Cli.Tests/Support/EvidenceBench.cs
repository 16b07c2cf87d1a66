using Azure.Storage.Blobs;
using Proofgate.Audit.Evidence;
using Proofgate.AzureStores;
using Proofgate.Support;
using Proofgate.Tests.Support;

namespace Proofgate.Cli.Tests.Support;

/// <summary>Evidence made once, for tests that each change a copy of it and read that from a folder, from a gateway or from a container.</summary>
public sealed class EvidenceBench : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly AzuriteFixture _azurite = new();

    internal RecordedEvidence Recorded { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await _azurite.InitializeAsync();
        Recorded = await RecordedEvidence.MakeAsync(_folder.Path, 100, "acme", "contoso");
        await Recorded.AddAsync(5, "acme", "contoso");
    }

    public async Task DisposeAsync()
    {
        await _azurite.DisposeAsync();
        Dispose();
    }

    public void Dispose()
    {
        Recorded.Dispose();
        _azurite.Dispose();
        _folder.Dispose();
    }

    /// <summary>Connection string of a storage account.</summary>
    internal string Storage => _azurite.ConnectionString;

    internal static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }

    /// <summary>Runs a command on what a folder holds, in a place of the kind that is asked for.</summary>
    internal Task<CliRun> RunAsync(Workplace workplace, string place, string folder, params string[] args) => RunAsync(Recorded, workplace, place, folder, args);

    /// <summary>The same of another log.</summary>
    internal async Task<CliRun> RunAsync(RecordedEvidence recorded, Workplace workplace, string place, string folder, params string[] args)
    {
        await using var gateway = await EvidenceServer.StartAsync(folder, recorded.Table, workplace.Time);
        string[] where = place switch
        {
            "folder" => ["--evidence", folder],
            "gateway" => ["--evidence", gateway.Address],
            _ => ["--container", await UploadAsync(workplace, folder)],
        };
        var time = (SteppedTime)workplace.Time;
        var run = workplace.RunAsync([.. args, .. where, "--log-key", recorded.LogKey, "--json"]);
        await time.DriveAsync(run, TimeSpan.FromSeconds(30));
        return await run;
    }

    private async Task<string> UploadAsync(Workplace workplace, string folder)
    {
        workplace.Variables["EVIDENCE"] = _azurite.ConnectionString;
        var container = new BlobContainerClient(_azurite.ConnectionString, EvidenceContainer.Name);
        await container.CreateIfNotExistsAsync();
        await foreach (var blob in container.GetBlobsAsync())
        {
            await container.DeleteBlobAsync(blob.Name);
        }

        Assert.True(EvidenceContainer.TryConnect(_azurite.ConnectionString, out var store));
        var files = new FileEvidenceStore(folder);
        await foreach (var path in files.PathsAsync("", CancellationToken.None))
        {
            await store.InsertAsync(path, await files.ReadAsync(path, 64 << 20, CancellationToken.None), CancellationToken.None);
        }

        return "EVIDENCE";
    }
}
