namespace Proofgate.Cedar.Json;

/// <summary>Leaves a document at its first fault. Never leaves this folder: the reader turns it into a <see cref="CedarError"/>.</summary>
internal sealed class JsonFault(string message, string path, string? hint) : Exception(message)
{
    public string Path { get; } = path;

    public string? Hint { get; } = hint;
}
