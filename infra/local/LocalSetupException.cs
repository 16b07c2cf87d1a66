namespace Proofgate.Local;

/// <summary>Something that the local run needs is missing or taken. The message is for the person at the terminal and says what to do.</summary>
public sealed class LocalSetupException(string message, Exception? inner = null) : Exception(message, inner);
