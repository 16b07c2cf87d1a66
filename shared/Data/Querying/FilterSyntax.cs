using System.Text.Json;

namespace Proofgate.Data.Querying;

/// <summary>A condition as it was sent: names and values, before it is known what they mean to this caller.</summary>
internal abstract record FilterSyntax
{
    private FilterSyntax()
    {
    }

    internal sealed record Join(bool IsAnd, IReadOnlyList<FilterSyntax> Of) : FilterSyntax;

    internal sealed record Not(FilterSyntax Of) : FilterSyntax;

    /// <param name="Op">The operator's name.</param>
    /// <param name="Column">The column's.</param>
    /// <param name="Values">None for <c>isNull</c>, one, or those of a list.</param>
    /// <param name="Path">Where it stands.</param>
    internal sealed record Test(string Op, string Column, IReadOnlyList<JsonElement> Values, string Path) : FilterSyntax;
}
