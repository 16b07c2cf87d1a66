using Microsoft.Extensions.Logging;
using Proofgate.Enforcement.Tools;

namespace Proofgate.Inference.ToolServers;

/// <summary>
/// What one server offers of what a bundle allows. The tools that were last found to be as the bundle says are known on while the server is silent: they are what its author looked at. But a call
/// goes out only if the server has said so lately.
/// </summary>
internal sealed class ToolServerState(ToolServer server, ToolServerClient client, ToolOptions options, TimeProvider time, ILogger log) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private IReadOnlyList<ToolDescription> _known = [];
    private IReadOnlyList<string> _problems = [];
    private ToolSourceException? _silence;
    private long _until;

    /// <summary>Asks the server where it has not been asked lately; whoever comes meanwhile waits for the same answer.</summary>
    internal async Task<IReadOnlyList<ToolDescription>> KnownAsync(CancellationToken cancellationToken)
    {
        if (time.GetUtcNow().UtcTicks < Volatile.Read(ref _until))
        {
            return _known;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (time.GetUtcNow().UtcTicks >= _until)
            {
                await LookAsync(cancellationToken);
            }

            return _known;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <exception cref="ToolSourceException">The server has not said lately that its tools are what they were.</exception>
    internal async Task RequireHeardAsync(CancellationToken cancellationToken)
    {
        await KnownAsync(cancellationToken);
        if (_silence is { } silence)
        {
            throw silence;
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var offered = await client.ListAsync(server, cancellationToken);
            var problems = new List<string>();
            var known = new List<ToolDescription>();
            foreach (var pinned in server.Tools.Values)
            {
                var (tool, problem) = offered.Where(t => t.Name == pinned.Name).ToList() switch
                {
                    [var one] => ToolCheck.Accept(pinned, one),
                    [] => (null, "the server does not have it"),
                    _ => (null, "the server has it more than once"),
                };
                if (tool is not null)
                {
                    known.Add(tool);
                }
                else
                {
                    problems.Add($"{pinned.Name}: {problem}");
                }
            }

            if (!problems.SequenceEqual(_problems))
            {
                log.ToolsNotOffered(server.Name, string.Join("; ", problems));
            }

            (_known, _problems, _silence) = (known, problems, null);
            Volatile.Write(ref _until, (time.GetUtcNow() + options.Refresh).UtcTicks);
        }
        catch (ToolSourceException e)
        {
            if (_silence is null)
            {
                log.ToolServerSilent(server.Name, e.Message);
            }

            _silence = e;
            Volatile.Write(ref _until, (time.GetUtcNow() + options.RetryAfter).UtcTicks);
        }
    }
}
