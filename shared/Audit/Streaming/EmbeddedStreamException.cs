namespace Proofgate.Audit.Streaming;

/// <summary>The embedded stream cannot be opened or used; the message says what to do.</summary>
public sealed class EmbeddedStreamException(string message, Exception? inner = null) : Exception(message, inner);
