namespace Proofgate.Cli.Output;

/// <summary>K8: something to do about a key.</summary>
/// <param name="Kid">The key.</param>
/// <param name="Kind"><c>unused</c>, <c>over_broad</c>, <c>never_expires</c> or <c>expires_soon</c>.</param>
/// <param name="Message">One sentence.</param>
internal sealed record KeyWarning(string Kid, string Kind, string Message);
