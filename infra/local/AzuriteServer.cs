using System.Globalization;
using Proofgate.Local.Setup;

namespace Proofgate.Local;

/// <summary>
/// A running Azurite: tables, blobs and queues on 127.0.0.1, in a process of its own. It ends, saved, with <see cref="DisposeAsync"/>, and
/// also when this process is killed.
/// </summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    internal const string Script = "azurite.mjs";

    private const string Account = "devstoreaccount1";

    /// <summary>The emulator's published key: every copy of Azurite has it, and it protects nothing.</summary>
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly DataFolder _data;
    private readonly AzuriteProcess _process;
    private int _disposed;

    private AzuriteServer(DataFolder data, AzuriteProcess process, AzuritePorts ports)
    {
        _data = data;
        _process = process;
        BlobEndpoint = EndpointAt(ports.Blob);
        QueueEndpoint = EndpointAt(ports.Queue);
        TableEndpoint = EndpointAt(ports.Table);
    }

    public Uri BlobEndpoint { get; }

    public Uri QueueEndpoint { get; }

    public Uri TableEndpoint { get; }

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};"
        + $"BlobEndpoint={BlobEndpoint};QueueEndpoint={QueueEndpoint};TableEndpoint={TableEndpoint};";

    public int ProcessId => _process.Id;

    /// <summary>Completes with the exit code when the process has ended, whoever ended it.</summary>
    public Task<int> Ended => _process.Ended;

    /// <summary>Waits until Azurite has ended by itself, and throws what a person should know of it.</summary>
    /// <exception cref="LocalSetupException">It has ended before anybody disposed it.</exception>
    public async Task WatchAsync()
    {
        await _process.Ended.ConfigureAwait(false);
        if (Volatile.Read(ref _disposed) == 0)
            throw _process.Demise();
    }

    /// <summary>Starts Azurite; installs it first where it is missing, and ends what a killed run left on the same data.</summary>
    /// <param name="progress">Told each second while a step takes longer than that.</param>
    /// <exception cref="LocalSetupException">It cannot start: the message says why and what to do.</exception>
    public static async Task<AzuriteServer> StartAsync(
        AzuriteOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var ticker = new Ticker(progress, TimeProvider.System);
        var root = options.RepositoryRoot ?? Repository.FindRoot();
        var node = await NodeRuntime.FindAsync(options.SearchPath, cancellationToken).ConfigureAwait(false);
        var data = DataFolder.Open(options.DataFolder);
        try
        {
            await NpmPackages.EnsureInstalledAsync(root, options.SearchPath, ticker, cancellationToken).ConfigureAwait(false);
            await data.EndLeftoverAsync(ticker, cancellationToken).ConfigureAwait(false);
            return await LaunchAsync(options, root, node, data, ticker, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    private static async Task<AzuriteServer> LaunchAsync(
        AzuriteOptions options, string root, string node, DataFolder data, Ticker ticker, CancellationToken cancellationToken)
    {
        var wanted = new AzuritePorts(options.BlobPort, options.QueuePort, options.TablePort);
        var process = AzuriteProcess.Launch(node, Path.Combine(root, "infra", "local", Script), data.FullPath, wanted);
        try
        {
            // The record first: whatever writes to the folder is named in it.
            data.Record(process.Id);
            process.Begin();
            var ports = await ticker.WhileAsync("starting Azurite", process.ListensAsync(cancellationToken)).ConfigureAwait(false);
            return new AzuriteServer(data, process, ports);
        }
        catch
        {
            await process.DisposeAsync().ConfigureAwait(false);
            data.Forget();
            throw;
        }
    }

    /// <summary>Ends Azurite by SIGTERM and waits until it has saved.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _process.DisposeAsync().ConfigureAwait(false);
        _data.Forget();
        _data.Dispose();
    }

    private static Uri EndpointAt(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/{Account}"));
}
