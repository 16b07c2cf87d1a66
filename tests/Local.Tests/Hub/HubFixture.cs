using Microsoft.Extensions.Logging.Abstractions;
using Proofgate.Local.Hub;
using Proofgate.Support;

namespace Proofgate.Local.Tests.Hub;

/// <summary>A broker in this process, on a free port and a folder of its own.</summary>
public sealed class HubFixture : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public HubBroker Broker { get; private set; } = null!;

    public string Folder => _folder.Path;

    public Task InitializeAsync()
    {
        Broker = Start(new HubOptions { DataFolder = _folder.Path });
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await Broker.DisposeAsync();
        Dispose();
    }

    public void Dispose() => _folder.Dispose();

    internal static HubBroker Start(HubOptions options) => HubBroker.Start(options, TimeProvider.System, NullLoggerFactory.Instance);
}
