namespace Proofgate.Data.Querying;

/// <summary>A column to order by, as it was sent.</summary>
internal sealed record OrderSyntax(string Column, bool Descending);
