using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;
using Azure.Identity;
using Proofgate.Data.Filters;
using Proofgate.Data.Planning;

namespace Proofgate.Data.Connectors.AzureTable;

/// <summary>Azure Table storage. Its order is that of PartitionKey and RowKey and no other; it counts nothing.</summary>
internal sealed class AzureTableConnector : IDataConnector
{
    private readonly ConcurrentDictionary<(string? Address, string? Secret), TableServiceClient> _clients = new();

    public ConnectorKind Kind => ConnectorKind.AzureTable;

    public bool Aggregates => false;

    public bool CanPush(Filter filter) => TableFilter.CanSay(filter);

    public bool CanOrder(IReadOnlyList<OrderTerm> order) =>
        order.Count == 2 && order[0] is { Column.SourceName: "PartitionKey", Descending: false } && order[1] is { Column.SourceName: "RowKey", Descending: false };

    /// <summary>Rows have no schema in common: only what the catalogue names is asked for, and each row is asked what it holds.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(Dataset dataset, DataSourceSettings source, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in TableOf(dataset, source).QueryAsync<TableEntity>(maxPerPage: 1, select: ["PartitionKey"], cancellationToken: cancellationToken))
            {
                break;
            }

            return [];
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return ["does not exist at the source."];
        }
        catch (Exception e) when (e is RequestFailedException or AuthenticationFailedException or AggregateException)
        {
            throw new SourceException("The source could not be asked.", innerException: e);
        }
    }

    public Task<ISourceRows> OpenAsync(AdmittedQuery query, DataSourceSettings source, CancellationToken cancellationToken)
    {
        var rows = new CellRows(query.Plan);
        var entities = TableOf(query.Dataset, source).QueryAsync<TableEntity>(FilterOf(query.Plan), maxPerPage: 1000, select: [.. rows.Columns.Select(static c => c.SourceName)], cancellationToken);
        return Task.FromResult<ISourceRows>(new TableRows(entities.GetAsyncEnumerator(cancellationToken), rows, query.Plan.Dataset.Limits.MaxEvaluated));
    }

    /// <summary>What the service can decide exactly. All of it, and the rest, is decided of each row again.</summary>
    internal static string? FilterOf(QueryPlan plan)
    {
        var terms = (plan.Pushed is Filter.All all ? all.Terms : [plan.Pushed]).Where(TableFilter.CanSay).Select(TableFilter.Say).ToList();
        if (plan.From is [var partition, var row])
        {
            // By the service's own order: pages go on where it left off.
            var (p, r) = (TableFilter.Text(partition.Text), TableFilter.Text(row.Text));
            terms.Add($"(PartitionKey gt {p} or (PartitionKey eq {p} and RowKey gt {r}))");
        }

        return terms.Count == 0 ? null : string.Join(" and ", terms);
    }

    private TableClient TableOf(Dataset dataset, DataSourceSettings source) => _clients.GetOrAdd(
        (source.Address, source.Secret),
        static (_, s) => s.Secret is { } connectionString && !s.ManagedIdentity ? new TableServiceClient(connectionString) : new TableServiceClient(new Uri(s.Address!), new DefaultAzureCredential()),
        source).GetTableClient(dataset.Source.Table);

    private sealed class TableRows(IAsyncEnumerator<TableEntity> entities, CellRows rows, int limit) : ISourceRows
    {
        private int _seen;

        public async ValueTask<bool> ReadAsync(Cell[] cells, CancellationToken cancellationToken)
        {
            try
            {
                while (await entities.MoveNextAsync())
                {
                    var entity = entities.Current;
                    if (rows.TryTake(c => ValueOf(entity, c), cells))
                    {
                        return true;
                    }

                    // What is no row costs as much as one that is.
                    if (++_seen > limit)
                    {
                        throw rows.TooMany();
                    }
                }

                return false;
            }
            catch (Exception e) when (e is RequestFailedException or AuthenticationFailedException or AggregateException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new SourceException("The source failed before the rows were complete.", innerException: e);
            }
        }

        public ValueTask DisposeAsync() => entities.DisposeAsync();

        private static Cell? ValueOf(TableEntity entity, DatasetColumn column) => entity.TryGetValue(column.SourceName, out var value) && value is not null
            ? (value, column.Type) switch
            {
                (string text, ColumnType.String or ColumnType.Text) => Cell.Of(text),
                (long number, ColumnType.Integer) => Cell.Of(number),
                (int number, ColumnType.Integer) => Cell.Of((long)number),
                (double number, ColumnType.Number) when double.IsFinite(number) => Cell.Of(number),
                (bool test, ColumnType.Boolean) => Cell.Of(test),
                (DateTimeOffset moment, ColumnType.Datetime) => Cell.Datetime(moment.ToUnixTimeMilliseconds()),
                _ => null,
            }
            : Cell.Null;
    }
}
