namespace Proofgate.Cedar;

/// <summary>A place in a source text. <paramref name="Offset"/> counts UTF-16 units from 0; line and column count from 1, as editors do.</summary>
public readonly record struct SourcePosition(int Offset, int Line, int Column)
{
    /// <summary>The first character of a text.</summary>
    public static SourcePosition Start => new(0, 1, 1);

    /// <summary><c>line:column</c>.</summary>
    public override string ToString() => $"{Line}:{Column}";
}
