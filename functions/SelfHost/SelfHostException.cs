namespace Proofgate.SelfHost;

/// <summary>The local run cannot start; the message is for the person at the terminal and says what to do.</summary>
internal sealed class SelfHostException(string message, Exception? inner = null) : Exception(message, inner);
