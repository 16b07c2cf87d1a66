namespace Proofgate.Cedar.Schemas;

/// <summary>Where something stands: a position in Cedar's syntax, a path in JSON.</summary>
internal readonly record struct Place(SourcePosition? Position, string? Path)
{
    public override string ToString() => Position?.ToString() ?? Path ?? "";
}
