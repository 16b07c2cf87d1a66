namespace Proofgate.Enforcement;

/// <summary>The store of sessions cannot be reached. A call of a session is refused.</summary>
public sealed class SessionUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
