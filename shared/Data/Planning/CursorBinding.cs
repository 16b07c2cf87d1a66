namespace Proofgate.Data.Planning;

/// <summary>What a cursor belongs to: it is good for the same caller, the same query, the same policy and the same rows only.</summary>
internal sealed record CursorBinding(string Tenant, string Subject, string Client, ReadOnlyMemory<byte> Digest);
