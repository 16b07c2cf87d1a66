using System.Security.Cryptography;
using System.Text.Json;

namespace Proofgate.Data.Querying;

/// <summary>Reads the body of a query: strict, bounded, and every fault names its member.</summary>
public sealed class QueryParser
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = (2 * QueryLimits.Depth) + 8 };
    private static readonly string[] Members = ["select", "where", "orderBy", "groupBy", "aggregates", "limit", "cursor"];

    private readonly bool _selectsAll;
    private QueryFault? _fault;

    private QueryParser(bool selectsAll) => _selectsAll = selectsAll;

    public static QueryRead Read(ReadOnlyMemory<byte> utf8) => Read(utf8, selectsAll: false);

    /// <param name="utf8">The query.</param>
    /// <param name="selectsAll">Whether a query that selects nothing asks for every column that the caller may read.</param>
    internal static QueryRead Read(ReadOnlyMemory<byte> utf8, bool selectsAll)
    {
        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            root = document.RootElement.Clone();
            if (!Unicode.IsWhole(root))
            {
                return Rejected("invalid_json", "A string of the body is not Unicode text, or has a null character.", null);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second: a member's name that is not Unicode text cannot be compared with the others.
            return Rejected("invalid_json", $"The body is not a JSON object without repeated members, nested {Strict.MaxDepth} deep at most.", null);
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            return Rejected("invalid_query", "The body must be a JSON object.", null);
        }

        var parser = new QueryParser(selectsAll);
        var query = parser.ReadQuery(root);
        return parser._fault is { } fault ? new QueryRead.Rejected(fault) : new QueryRead.Understood(query);
    }

    private static QueryRead.Rejected Rejected(string code, string message, string? member) => new(new QueryFault(code, message, member));

    private QuerySyntax ReadQuery(JsonElement root)
    {
        foreach (var member in root.EnumerateObject().Where(static m => !Members.Contains(m.Name)))
        {
            Fault(member.Name, $"is not a member of a query. Its members are {string.Join(", ", Members)}.");
        }

        var query = new QuerySyntax
        {
            Select = Names(root, "select", QueryLimits.Columns),
            Where = root.TryGetProperty("where", out var where) ? new FilterParser(Fault).Read(where) : null,
            OrderBy = Orders(root),
            GroupBy = Names(root, "groupBy", QueryLimits.Orders),
            Aggregates = Aggregates(root),
            Limit = Limit(root),
            Cursor = Cursor(root),
            Digest = DigestOf(root),
        };
        if (query.IsAggregate ? query.Select.Count > 0 : query.SelectsAll && !_selectsAll)
        {
            Fault("select", "must name columns, or aggregates must be asked for, and not both.");
        }

        if (query.GroupBy.Count > 0 && !query.IsAggregate)
        {
            Fault("groupBy", "needs aggregates.");
        }

        if (query.IsAggregate && (query.OrderBy.Count > 0 || query.Cursor is not null))
        {
            Fault(query.OrderBy.Count > 0 ? "orderBy" : "cursor", "is not for aggregates: groups come in the order of what they are grouped by.");
        }

        foreach (var name in query.Aggregates.Select(static a => a.Name).Concat(query.GroupBy).GroupBy(static n => n).Where(static g => g.Count() > 1))
        {
            Fault("aggregates", $"would name '{name.Key}' twice in the answer: use 'as'.");
        }

        return query;
    }

    private List<string> Names(JsonElement root, string member, int most)
    {
        var names = new List<string>();
        if (!root.TryGetProperty(member, out var list))
        {
            return names;
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 || list.GetArrayLength() > most)
        {
            Fault(member, $"must be a list of 1 to {most} columns.");
            return names;
        }

        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || names.Contains(item.GetString()!))
            {
                Fault(member, "must be a list of different names.");
                return names;
            }

            names.Add(item.GetString()!);
        }

        return names;
    }

    private List<OrderSyntax> Orders(JsonElement root)
    {
        var orders = new List<OrderSyntax>();
        if (!root.TryGetProperty("orderBy", out var list))
        {
            return orders;
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > QueryLimits.Orders)
        {
            Fault("orderBy", $"must be a list of 1 to {QueryLimits.Orders} {{\"column\", \"descending\"}}.");
            return orders;
        }

        foreach (var (item, i) in list.EnumerateArray().Select(static (o, i) => (o, i)))
        {
            if (!HasOnly(item, "column", "descending") || Text(item, "column") is not { } column
                || (item.TryGetProperty("descending", out var way) && way.ValueKind is not (JsonValueKind.True or JsonValueKind.False)))
            {
                Fault($"orderBy[{i}]", "must have a column, and may say \"descending\": true.");
                return orders;
            }

            orders.Add(new OrderSyntax(column, item.TryGetProperty("descending", out way) && way.GetBoolean()));
        }

        if (orders.DistinctBy(static o => o.Column).Count() != orders.Count)
        {
            Fault("orderBy", "has a column twice.");
        }

        return orders;
    }

    private List<AggregateSyntax> Aggregates(JsonElement root)
    {
        var aggregates = new List<AggregateSyntax>();
        if (!root.TryGetProperty("aggregates", out var list))
        {
            return aggregates;
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > QueryLimits.Aggregates)
        {
            Fault("aggregates", $"must be a list of 1 to {QueryLimits.Aggregates} {{\"function\", \"column\", \"as\"}}.");
            return aggregates;
        }

        foreach (var (item, i) in list.EnumerateArray().Select(static (a, i) => (a, i)))
        {
            if (Aggregate(item) is not { } aggregate)
            {
                Fault($"aggregates[{i}]", "must have a function (count, sum, min, max, avg), a column (not for count), and may have a name of letters, digits and underscores as \"as\".");
                return aggregates;
            }

            aggregates.Add(aggregate);
        }

        return aggregates;
    }

    private static AggregateSyntax? Aggregate(JsonElement item)
    {
        if (!HasOnly(item, "function", "column", "as") || Text(item, "function") is not { } text || text.Any(static c => !char.IsAsciiLetterLower(c))
            || !Enum.TryParse<AggregateFunction>(text, ignoreCase: true, out var function))
        {
            return null;
        }

        var column = Text(item, "column");
        if (item.TryGetProperty("column", out _) != (column is not null) || (column is null) != (function == AggregateFunction.Count))
        {
            return null;
        }

        var name = item.TryGetProperty("as", out _) ? Text(item, "as") : column is null ? "count" : $"{text}_{column}";
        return name is { Length: > 0 and <= 128 } && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_') ? new AggregateSyntax(function, column, name) : null;
    }

    private int? Limit(JsonElement root)
    {
        if (!root.TryGetProperty("limit", out var limit))
        {
            return null;
        }

        if (limit.ValueKind == JsonValueKind.Number && limit.TryGetInt32(out var number) && number >= 1)
        {
            return number;
        }

        Fault("limit", "must be a whole number, 1 at least.");
        return null;
    }

    private string? Cursor(JsonElement root)
    {
        if (!root.TryGetProperty("cursor", out var cursor))
        {
            return null;
        }

        if (cursor.ValueKind == JsonValueKind.String && cursor.GetString() is { Length: > 0 and <= QueryLimits.CursorLength } text)
        {
            return text;
        }

        Fault("cursor", "must be what an answer to this query named as next.");
        return null;
    }

    /// <summary>Of the query as it was meant: the member that differs from page to page, and the size of pages, are left out.</summary>
    private static byte[] DigestOf(JsonElement root)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var member in root.EnumerateObject().Where(static m => m.Name is not ("cursor" or "limit")).OrderBy(static m => m.Name, StringComparer.Ordinal))
        {
            hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(member.Name, QueryJson.Default.String));
            hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(member.Value, QueryJson.Default.JsonElement));
        }

        return hash.GetHashAndReset();
    }

    private static string? Text(JsonElement node, string member) =>
        node.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool HasOnly(JsonElement node, params string[] members) =>
        node.ValueKind == JsonValueKind.Object && node.EnumerateObject().All(m => members.Contains(m.Name));

    private void Fault(string member, string message) => _fault ??= new QueryFault("invalid_query", $"'{member}' {message}", member);
}
