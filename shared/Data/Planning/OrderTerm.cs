namespace Proofgate.Data.Planning;

/// <summary>A column to order by. What is not there comes first, descending last.</summary>
internal sealed record OrderTerm(DatasetColumn Column, bool Descending);
