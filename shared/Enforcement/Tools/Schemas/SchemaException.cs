namespace Proofgate.Enforcement.Tools.Schemas;

/// <summary>A schema is not taken.</summary>
internal sealed class SchemaException(string message) : Exception(message);
