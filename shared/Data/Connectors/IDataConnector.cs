using Proofgate.Data.Filters;
using Proofgate.Data.Planning;

namespace Proofgate.Data.Connectors;

/// <summary>Speaks to sources of one kind. It says itself what it can decide exactly as <see cref="Filter"/> means it; whatever else is decided by the gateway.</summary>
internal interface IDataConnector
{
    ConnectorKind Kind { get; }

    /// <summary>Whether it can count, sum and group.</summary>
    bool Aggregates { get; }

    bool CanPush(Filter filter);

    bool CanOrder(IReadOnlyList<OrderTerm> order);

    /// <summary>Compares the catalogue with the source as it is.</summary>
    /// <returns>What does not fit, each with the column's name.</returns>
    /// <exception cref="SourceException">The source cannot be asked.</exception>
    Task<IReadOnlyList<string>> CheckAsync(Dataset dataset, DataSourceSettings source, CancellationToken cancellationToken);

    /// <summary>Asks for the rows of a plan.</summary>
    /// <exception cref="SourceException">The source cannot be asked.</exception>
    Task<ISourceRows> OpenAsync(AdmittedQuery query, DataSourceSettings source, CancellationToken cancellationToken);
}
