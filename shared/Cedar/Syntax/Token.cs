namespace Proofgate.Cedar.Syntax;

/// <summary>A token: where it starts and how long it is. Its text stays in the source.</summary>
internal readonly record struct Token(TokenKind Kind, SourcePosition Position, int Length)
{
    public int Offset => Position.Offset;

    public int EndOffset => Position.Offset + Length;
}
