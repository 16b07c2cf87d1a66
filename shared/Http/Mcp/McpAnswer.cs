namespace Proofgate.Http.Mcp;

/// <summary>What goes to the client: a JSON-RPC message with a result or an error.</summary>
internal sealed record McpAnswer(int Status, ReadOnlyMemory<byte> Body);
