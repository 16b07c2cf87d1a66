using Proofgate.Local;
using Xunit;

namespace Proofgate.Support;

/// <summary>An Azurite of one's own on free ports, on a folder that is deleted afterwards.</summary>
public sealed class AzuriteFixture : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private AzuriteServer? _server;

    public AzuriteServer Server => _server ?? throw new InvalidOperationException("The fixture has not been started.");

    public string ConnectionString => Server.ConnectionString;

    public async Task InitializeAsync()
    {
        try
        {
            _server = await AzuriteServer.StartAsync(new AzuriteOptions { DataFolder = _folder.Path }, progress: null, CancellationToken.None);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        Dispose();
    }

    public void Dispose() => _folder.Dispose();
}
