using Microsoft.Extensions.Options;
using Proofgate.Audit.Sealing;
using Proofgate.Data.Connectors;
using Proofgate.Data.Cursors;
using Proofgate.Data.Filters;
using Proofgate.Data.Grounds;
using Proofgate.Data.Rows;

namespace Proofgate.Data;

/// <summary>Step 10 of a query's path: asks the source for what was admitted, and for nothing else.</summary>
public sealed class QueryRunner
{
    private readonly ConnectorSet _connectors;
    private readonly CursorSealer _cursors;
    private readonly DataSecrets _secrets;
    private readonly IOptionsMonitor<DataSourcesOptions> _sources;

    internal QueryRunner(ConnectorSet connectors, CursorSealer cursors, DataSecrets secrets, IOptionsMonitor<DataSourcesOptions> sources) =>
        (_connectors, _cursors, _secrets, _sources) = (connectors, cursors, secrets, sources);

    /// <param name="query">What was admitted.</param>
    /// <param name="cancellationToken">Good for the whole answer: it interrupts the source also between two rows.</param>
    /// <exception cref="SourceException">The source cannot be asked.</exception>
    public Task<QueryAnswer> OpenAsync(AdmittedQuery query, CancellationToken cancellationToken) => OpenAsync(query, new CallerShaper(query, _secrets), cancellationToken);

    /// <summary>The rows for a model that answers the caller.</summary>
    internal Task<QueryAnswer> OpenAsync(AdmittedQuery query, Gathering gathering, CancellationToken cancellationToken) =>
        OpenAsync(query, new ModelShaper(query, _secrets, gathering), cancellationToken);

    private async Task<QueryAnswer> OpenAsync(AdmittedQuery query, RowShaper shaper, CancellationToken cancellationToken)
    {
        var source = query.Dataset.Source;
        if (!_sources.CurrentValue.TryGetValue(source.Connection, out var settings) || !settings.IsSet)
        {
            throw new SourceException("The dataset's source is not configured in this deployment.");
        }

        // Where policy allows no row there is nothing to ask for.
        var rows = query.Plan.Pushed is Filter.Constant { Value: false } ? null : await _connectors.Of(source.Connector).OpenAsync(query, settings, cancellationToken);
        return new QueryAnswer(query.Plan, rows, shaper, _cursors);
    }
}
