using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofgate.Audit.Checkpoints;
using Proofgate.Outbound;

namespace Proofgate.Audit.Cosigning;

/// <summary>
/// Has witnesses cosign what was signed (C2SP tlog-witness), apart from signing: a witness that is slow, silent or hostile delays nothing and stops nothing.
/// </summary>
public sealed class CosignatureRelay : IDisposable
{
    private readonly IReadOnlyList<WitnessDesk> _desks = [];
    private readonly WitnessClient _client;
    private readonly ILedgerTable _table;
    private readonly LogOrigin _origin;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _turn = new(1);
    private volatile string? _unavailable;

    public CosignatureRelay(
        IEvidenceStore store, ILedgerTable table, LogOrigin origin, IOptions<CheckpointOptions> options, OutboundGuard guard, IMeterFactory meters, TimeProvider time,
        ILogger<CosignatureRelay> log)
    {
        (_table, _origin, _log) = (table, origin, log);
        Interval = options.Value.WitnessInterval;
        _client = new WitnessClient(guard, options.Value.WitnessTimeout);
        var metrics = new WitnessMetrics(meters, () => Witnesses, time);
        _desks = [.. WitnessEndpoint.Of(options.Value).Select(w => new WitnessDesk(w, _client, metrics, store, origin, Interval, time, log))];
    }

    public TimeSpan Interval { get; }

    /// <summary>Whether there is anybody to ask.</summary>
    public bool HasWitnesses => _desks.Count > 0;

    public IReadOnlyList<WitnessState> Witnesses => [.. _desks.Select(static d => d.State)];

    public CosignatureHealth Health
    {
        get
        {
            var states = Witnesses;
            var problems = states.Where(static s => s.Problem is not null).OrderByDescending(static s => s.Alarm).Select(static s => $"{s.Name}: {s.Problem}").ToList();
            if (_unavailable is { } unavailable)
                problems.Add(unavailable);
            var detail = $"{states.Count(static s => s.Problem is null)} of {states.Count} witnesses cosign";
            return new CosignatureHealth(states.Any(static s => s.Alarm), problems.Count == 0 ? detail : $"{detail}; {string.Join("; ", problems)}");
        }
    }

    /// <summary>One round: every witness at once, each log in turn. What goes wrong is in <see cref="Health"/>; it throws only when cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!HasWitnesses || !await _turn.WaitAsync(0, cancellationToken).ConfigureAwait(false))
            return;
        try
        {
            var logs = new List<string> { _origin.SuperLog };
            await foreach (var log in HubLogs.ReadAsync(_table, _origin, cancellationToken).ConfigureAwait(false))
                logs.Add(log);
            await Task.WhenAll(_desks.Select(d => d.RoundAsync(logs, cancellationToken))).ConfigureAwait(false);
            _unavailable = null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The writer of checkpoints names what is damaged; here it only means that nothing can be submitted now.
            if (_unavailable is null)
                _log.CosigningWaits(e.Message);
            _unavailable = e.Message;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _turn.Dispose();
    }
}
