namespace Proofgate.Cli.Gateway.Wire;

/// <summary>A change of the log's key: <paramref name="Note"/> is the leaf of the super-log that both keys have signed.</summary>
internal sealed record TenantKeyChange(long Leaf, string Note);
