namespace Proofgate.Cedar.Syntax;

/// <summary>Leaves the grammar at the first fault of a policy. Never leaves this folder: the parser turns it into a <see cref="CedarError"/>.</summary>
internal sealed class SyntaxException(SourcePosition position, string message, string? hint) : Exception(message)
{
    public SourcePosition Position { get; } = position;

    public string? Hint { get; } = hint;
}
