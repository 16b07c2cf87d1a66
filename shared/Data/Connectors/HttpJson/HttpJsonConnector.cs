using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Proofgate.Data.Filters;
using Proofgate.Data.Planning;
using Proofgate.Data.Querying;
using Proofgate.Outbound;

namespace Proofgate.Data.Connectors.HttpJson;

/// <summary>
/// A JSON array of objects behind an address. All of it is fetched, bounded, and everything is decided here, so everything is exact; nothing of the caller's goes
/// to the source but that somebody asked.
/// </summary>
internal sealed class HttpJsonConnector : IDataConnector, IDisposable
{
    /// <summary>Bytes of the source's answer.</summary>
    internal const int MaxBytes = 32 * 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private readonly HttpMessageInvoker _http;

    public HttpJsonConnector(OutboundGuard guard) => _http = new HttpMessageInvoker(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = guard.ConnectTimeout,
        ConnectCallback = guard.ConnectAsync,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxResponseHeadersLength = 64,
    });

    public ConnectorKind Kind => ConnectorKind.HttpJson;

    public bool Aggregates => false;

    public bool CanPush(Filter filter) => true;

    public bool CanOrder(IReadOnlyList<OrderTerm> order) => true;

    public void Dispose() => _http.Dispose();

    public async Task<IReadOnlyList<string>> CheckAsync(Dataset dataset, DataSourceSettings source, CancellationToken cancellationToken)
    {
        using var document = await FetchAsync(dataset, source, cancellationToken);
        var known = dataset.Columns.Values.Select(static c => c.SourceName).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. document.RootElement.EnumerateArray().Where(static r => r.ValueKind == JsonValueKind.Object && Unicode.IsWhole(r)).SelectMany(static r => r.EnumerateObject()).Select(static m => m.Name)
                .Where(n => !known.Contains(n)).Distinct().Select(static n => $"has the member '{n}', to which the catalogue gives no label."),
        ];
    }

    public async Task<ISourceRows> OpenAsync(AdmittedQuery query, DataSourceSettings source, CancellationToken cancellationToken)
    {
        var plan = query.Plan;
        using var document = await FetchAsync(query.Dataset, source, cancellationToken);
        if (document.RootElement.GetArrayLength() > plan.Dataset.Limits.MaxEvaluated)
        {
            throw new CellRows(plan).TooMany();
        }

        var reader = new CellRows(plan);
        var found = new List<Cell[]>();
        foreach (var record in document.RootElement.EnumerateArray())
        {
            var cells = new Cell[plan.Fetch.Columns.Count];
            if (record.ValueKind == JsonValueKind.Object && Unicode.IsWhole(record) && reader.TryTake(c => ValueOf(record, c), cells)
                && (plan.From is null || Keyset.After(plan.Order, plan.From).Holds(new SourceRow(plan.Fetch, cells))))
            {
                found.Add(cells);
            }
        }

        var places = plan.Order.Select(o => (Place: plan.Fetch.PlaceOf(o.Column), o.Descending)).ToList();
        found.Sort((a, b) => places.Select(p => a[p.Place].CompareTo(b[p.Place]) * (p.Descending ? -1 : 1)).FirstOrDefault(static c => c != 0));
        return new HeldRows(found);
    }

    private async Task<JsonDocument> FetchAsync(Dataset dataset, DataSourceSettings source, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, AddressOf(dataset, source)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        request.Headers.Accept.ParseAdd("application/json");
        if (source.Secret is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new SourceException($"The source answered with status {(int)response.StatusCode}.");
            }

            using var body = new MemoryStream();
            await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[16 * 1024];
            for (var read = await content.ReadAsync(buffer, cancellationToken); read > 0; read = await content.ReadAsync(buffer, cancellationToken))
            {
                if (body.Length + read > MaxBytes)
                {
                    throw new SourceException($"The source answered with over {MaxBytes} bytes.");
                }

                body.Write(buffer, 0, read);
            }

            var document = JsonDocument.Parse(body.GetBuffer().AsMemory(0, (int)body.Length), Strict);
            return document.RootElement.ValueKind == JsonValueKind.Array ? document : throw new SourceException("The source answered with no list.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidOperationException)
        {
            throw new SourceException("The source could not be asked.", innerException: e);
        }
    }

    /// <summary>The settings say which host, the bundle which path below it. A secret goes over https, or to this machine.</summary>
    internal static Uri AddressOf(Dataset dataset, DataSourceSettings source)
    {
        if (!Uri.TryCreate(source.Address?.TrimEnd('/') + "/", UriKind.Absolute, out var root)
            || (root.Scheme != Uri.UriSchemeHttps && !(root.Scheme == Uri.UriSchemeHttp && root.IsLoopback)) || root.UserInfo.Length > 0)
        {
            throw new SourceException("The source's address must be https (http on loopback only), without a user.");
        }

        return Uri.TryCreate(root, dataset.Source.Table!.TrimStart('/'), out var address) && root.IsBaseOf(address) && address.UserInfo.Length == 0
            ? address
            : throw new SourceException("The dataset's path leads out of its source.");
    }

    private static Cell? ValueOf(JsonElement record, DatasetColumn column)
    {
        if (!record.TryGetProperty(column.SourceName, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return Cell.Null;
        }

        return QueryValue.Read(value, column.Type);
    }

    private sealed class HeldRows(List<Cell[]> rows) : ISourceRows
    {
        private int _next;

        public ValueTask<bool> ReadAsync(Cell[] cells, CancellationToken cancellationToken)
        {
            if (_next == rows.Count)
            {
                return ValueTask.FromResult(false);
            }

            rows[_next++].CopyTo(cells, 0);
            return ValueTask.FromResult(true);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
