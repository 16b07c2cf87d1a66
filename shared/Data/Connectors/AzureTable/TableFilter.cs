using System.Globalization;
using System.Text;
using Proofgate.Data.Filters;

namespace Proofgate.Data.Connectors.AzureTable;

/// <summary>
/// <c>$filter</c> of Azure Table storage. Only equality of PartitionKey and RowKey is exact: they are always there and always texts. How a comparison with a
/// property that is absent, or of another type, comes out under <c>not</c> is written nowhere.
/// </summary>
internal static class TableFilter
{
    internal static bool CanSay(Filter filter) => filter switch
    {
        Filter.Constant => false,
        Filter.All all => all.Terms.All(CanSay),
        Filter.Any any => any.Terms.All(CanSay),
        Filter.Not not => CanSay(not.Operand),
        Filter.Compare { Op: CompareOperator.Equal or CompareOperator.NotEqual } compare => IsKey(compare.Column),
        Filter.In list => IsKey(list.Column) && list.Values.Count <= 20,
        _ => false,
    };

    internal static string Say(Filter filter)
    {
        var text = new StringBuilder();
        Write(text, filter);
        return text.ToString();
    }

    internal static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private static void Write(StringBuilder text, Filter filter)
    {
        switch (filter)
        {
            case Filter.All all:
                Join(text, all.Terms, " and ");
                break;
            case Filter.Any any:
                Join(text, any.Terms, " or ");
                break;
            case Filter.Not not:
                text.Append("not (");
                Write(text, not.Operand);
                text.Append(')');
                break;
            case Filter.Compare compare:
                text.Append(CultureInfo.InvariantCulture, $"({compare.Column.SourceName} {(compare.Op == CompareOperator.Equal ? "eq" : "ne")} {Text(compare.Value.Text)})");
                break;
            case Filter.In list:
                Join(text, [.. list.Values.Select(v => new Filter.Compare(list.Column, CompareOperator.Equal, v))], " or ");
                break;
            default:
                throw new NotSupportedException(filter.GetType().Name);
        }
    }

    private static void Join(StringBuilder text, IReadOnlyList<Filter> terms, string word)
    {
        text.Append('(');
        for (var i = 0; i < terms.Count; i++)
        {
            text.Append(i == 0 ? string.Empty : word);
            Write(text, terms[i]);
        }

        text.Append(')');
    }

    private static bool IsKey(DatasetColumn column) => column.SourceName is "PartitionKey" or "RowKey" && column.Type is ColumnType.String;
}
