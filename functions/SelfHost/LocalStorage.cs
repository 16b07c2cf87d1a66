using Proofgate.Local;

namespace Proofgate.SelfHost;

/// <summary>The storage of a local run: an Azurite of its own, or what the settings name, so that several instances can share one.</summary>
internal sealed class LocalStorage : IAsyncDisposable
{
    private readonly AzuriteServer? _azurite;

    private LocalStorage(AzuriteServer? azurite) => _azurite = azurite;

    /// <summary>Of the Azurite that was started; null where the settings name another storage.</summary>
    internal string? ConnectionString => _azurite?.ConnectionString;

    internal static async Task<LocalStorage> StartAsync(
        SelfHostSettings settings, StateFolder state, IProgress<string> progress, CancellationToken cancellationToken) => new(
            settings.HasStorage
                ? null
                : await AzuriteServer.StartAsync(new AzuriteOptions { DataFolder = state.Of("azurite") }, progress, cancellationToken));

    /// <summary>Ends only if our own storage does, and throws then.</summary>
    /// <exception cref="LocalSetupException">Azurite has ended by itself.</exception>
    internal Task WatchAsync() => _azurite?.WatchAsync() ?? new TaskCompletionSource().Task;

    public ValueTask DisposeAsync() => _azurite?.DisposeAsync() ?? ValueTask.CompletedTask;
}
