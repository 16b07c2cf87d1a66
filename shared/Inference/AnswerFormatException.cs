namespace Proofgate.Inference;

/// <summary>An upstream sent something that its protocol does not allow. The message never quotes what it sent.</summary>
public sealed class AnswerFormatException(string message, Exception? inner = null) : Exception(message, inner);
