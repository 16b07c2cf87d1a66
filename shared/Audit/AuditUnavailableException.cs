namespace Proofgate.Audit;

/// <summary>The audit stream did not acknowledge an event in time, is full, or is being closed. Answered as 503 with <c>Retry-After</c>.</summary>
public sealed class AuditUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
