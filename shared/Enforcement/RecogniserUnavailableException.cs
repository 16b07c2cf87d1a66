namespace Proofgate.Enforcement;

/// <summary>A recogniser gave no answer that can be used. The message names neither its text nor its answer.</summary>
public sealed class RecogniserUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
