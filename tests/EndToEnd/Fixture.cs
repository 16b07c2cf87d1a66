namespace Proofgate.EndToEnd;

/// <summary>One gateway before one spy, for the tests that leave both as they were.</summary>
public sealed class Fixture : IAsyncLifetime
{
    public SpyUpstream Spy { get; private set; } = null!;

    public Gateway Gateway { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Spy = await SpyUpstream.StartAsync();
        Gateway = await Gateway.StartAsync(Spy.Address);
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Spy.DisposeAsync();
    }
}
