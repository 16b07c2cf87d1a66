using Proofgate.Data.Planning;
using Proofgate.Enforcement;

namespace Proofgate.Data;

/// <summary>A column as one caller has it.</summary>
/// <param name="Column">The catalogue's.</param>
/// <param name="IsComparable">Whether it can be compared, ordered and grouped by: its values are shown as they are.</param>
public sealed record ColumnView(DatasetColumn Column, bool IsComparable)
{
    /// <summary>The columns that the caller may read, in the catalogue's order.</summary>
    public static IReadOnlyList<ColumnView> Of(Dataset dataset, Sight sight)
    {
        var binder = new QueryBinder(dataset, sight);
        return [.. dataset.Columns.Values.Where(binder.IsReadable).Select(c => new ColumnView(c, binder.IsPlain(c)))];
    }
}
