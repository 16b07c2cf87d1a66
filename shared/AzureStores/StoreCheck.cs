namespace Proofgate.AzureStores;

/// <summary>What was found of one table, container or secret.</summary>
/// <param name="Kind"><c>table</c>, <c>container</c> or <c>secret</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Owner">The account or vault that it is in; null where its address does not say.</param>
/// <param name="Problem">One sentence; null where nothing is wrong.</param>
public sealed record StoreCheck(string Kind, string Name, string? Owner, string? Problem);
