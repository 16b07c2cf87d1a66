using Proofgate.Support;

namespace Proofgate.EndToEnd;

/// <summary><c>proofgate audit witness --listen</c> in a process of its own.</summary>
public sealed class WitnessProcess : IAsyncDisposable
{
    private const string Listens = "The witness listens at ";
    private const string Has = "The witness's key: ";

    private readonly ManagedProcess _process;

    private WitnessProcess(ManagedProcess process, Uri address, string key) => (_process, Address, Key) = (process, address, key);

    public Uri Address { get; }

    /// <summary>Its verifier key for cosignatures.</summary>
    public string Key { get; }

    /// <summary>What a gateway is told of it.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings =>
    [
        ("Proofgate__Audit__Checkpoints__Witnesses__0__Name", "W"), ("Proofgate__Audit__Checkpoints__Witnesses__0__Key", Key),
        ("Proofgate__Audit__Checkpoints__Witnesses__0__Address", Address.ToString()), ("Proofgate__Audit__Checkpoints__WitnessInterval", "00:00:01"),
    ];

    public static async Task<WitnessProcess> StartAsync(string record, params IReadOnlyList<string> logKeys)
    {
        var process = Command.Start(Path.GetDirectoryName(record)!, ["audit", "witness", "--record", record, "--listen", "0", "--log-key", .. logKeys]);
        try
        {
            var address = await process.WaitForLineAsync(Listens);
            var key = await process.WaitForLineAsync(Has);
            return new WitnessProcess(process, new Uri(address[Listens.Length..].Trim()), key[Has.Length..].Trim());
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
