namespace Proofgate.Cedar;

/// <summary>Something wrong in a policy, entities or request text: what, where, and what to do about it.</summary>
/// <param name="Message">What is wrong, one sentence without a full stop.</param>
public sealed record CedarError(string Message)
{
    /// <summary>The name given to the parser, if any.</summary>
    public string? FileName { get; init; }

    /// <summary>Where, in Cedar text; in JSON see <see cref="Path"/>.</summary>
    public SourcePosition? Position { get; init; }

    /// <summary>Where, in JSON: <c>[3].attrs.owner</c>.</summary>
    public string? Path { get; init; }

    /// <summary>What to write instead, if there is something to say.</summary>
    public string? Hint { get; init; }

    /// <summary><c>file:line:column: message (hint)</c>, without the parts that are not known.</summary>
    public override string ToString()
    {
        var place = (FileName, Position, Path) switch
        {
            ({ } file, { } position, _) => $"{file}:{position}: ",
            (null, { } position, _) => $"{position}: ",
            ({ } file, null, { Length: > 0 } path) => $"{file}: at {path}: ",
            ({ } file, null, _) => $"{file}: ",
            (null, null, { Length: > 0 } path) => $"at {path}: ",
            _ => "",
        };
        return Hint is null ? place + Message : $"{place}{Message} ({Hint})";
    }
}
