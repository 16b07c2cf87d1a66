namespace Proofgate.Audit;

/// <summary>The evidence store could not be reached, or whether a file was made is unknown.</summary>
public sealed class EvidenceUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
