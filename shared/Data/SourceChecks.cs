using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofgate.Data.Connectors;
using Proofgate.Policy;

namespace Proofgate.Data;

/// <summary>
/// Compares each dataset of a bundle with its source: before the bundle decides, and again from time to time, before a query. A source that changed since is
/// not asked: a column that nobody labelled could stand where another did.
/// </summary>
public sealed class SourceChecks : IBundleProbe
{
    private readonly ConditionalWeakTable<Dataset, Finding> _findings = [];
    private readonly ConnectorSet _connectors;
    private readonly IOptionsMonitor<DataSourcesOptions> _sources;
    private readonly IOptions<DataOptions> _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SourceChecks> _log;

    internal SourceChecks(
        ConnectorSet connectors, IOptionsMonitor<DataSourcesOptions> sources, IOptions<DataOptions> options, TimeProvider time, ILogger<SourceChecks> log) =>
        (_connectors, _sources, _options, _time, _log) = (connectors, sources, options, time, log);

    public bool IsConfigured(Dataset dataset) => SettingsOf(dataset) is not null;

    public async Task<IReadOnlyList<string>> ProbeAsync(PolicyBundle bundle, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (var dataset in bundle.FindPart<DatasetCatalog>()?.Datasets.Values ?? [])
        {
            if (await StateOfAsync(dataset, cancellationToken) is SourceState.Unlike unlike)
            {
                problems.AddRange(unlike.Problems.Select(p => $"bundle.json: datasets.{dataset.Name} {p}"));
            }
        }

        return problems;
    }

    /// <summary>Looks where the last look is too old or did not end well.</summary>
    public async ValueTask<SourceState> StateOfAsync(Dataset dataset, CancellationToken cancellationToken)
    {
        if (SettingsOf(dataset) is not { } settings)
        {
            return new SourceState.NotConfigured();
        }

        var finding = _findings.GetValue(dataset, static _ => new Finding());
        if (IsFresh(finding))
        {
            return new SourceState.Ready();
        }

        await finding.Turn.WaitAsync(cancellationToken);
        try
        {
            return IsFresh(finding) ? new SourceState.Ready() : await LookAsync(dataset, settings, finding, cancellationToken);
        }
        finally
        {
            finding.Turn.Release();
        }
    }

    private DataSourceSettings? SettingsOf(Dataset dataset) =>
        _sources.CurrentValue.TryGetValue(dataset.Source.Connection, out var settings) && settings.IsSet ? settings : null;

    private bool IsFresh(Finding finding) =>
        Volatile.Read(ref finding.SoundAt) is var at && at != long.MinValue && _time.GetElapsedTime(at) < _options.Value.RecheckInterval;

    private async Task<SourceState> LookAsync(Dataset dataset, DataSourceSettings settings, Finding finding, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_options.Value.CheckTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        Volatile.Write(ref finding.SoundAt, long.MinValue);
        var startedAt = _time.GetTimestamp();
        try
        {
            var problems = await _connectors.Of(dataset.Source.Connector).CheckAsync(dataset, settings, either.Token);
            if (problems.Count > 0)
            {
                _log.SourceUnlikeCatalogue(dataset.Name, string.Join(" ", problems));
                return new SourceState.Unlike(problems);
            }

            Volatile.Write(ref finding.SoundAt, startedAt);
            return new SourceState.Ready();
        }
        catch (SourceException e)
        {
            _log.SourceFailed(dataset.Name, e.InnerException?.GetType().Name ?? e.Message);
            return new SourceState.Unreachable();
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            _log.SourceFailed(dataset.Name, "no answer in time");
            return new SourceState.Unreachable();
        }
    }

    private sealed class Finding
    {
        internal long SoundAt = long.MinValue;

        internal SemaphoreSlim Turn { get; } = new(1, 1);
    }
}
