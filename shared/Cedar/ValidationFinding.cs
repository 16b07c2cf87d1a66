namespace Proofgate.Cedar;

/// <summary>Something wrong, or suspect, in one policy: which, what, where, and what to do about it.</summary>
/// <param name="PolicyId">The policy or template.</param>
/// <param name="Message">One sentence without a full stop.</param>
public sealed record ValidationFinding(string PolicyId, string Message)
{
    /// <summary>The name given to the parser of the policy, if any.</summary>
    public string? FileName { get; init; }

    /// <summary>The offending expression, or the policy where its scope is meant.</summary>
    public required SourcePosition Position { get; init; }

    /// <summary>What to write instead, if there is something to say.</summary>
    public string? Hint { get; init; }

    /// <summary><c>file:line:column: policy id: message (hint)</c>.</summary>
    public override string ToString()
    {
        var text = $"{(FileName is null ? "" : FileName + ":")}{Position}: policy {PolicyId}: {Message}";
        return Hint is null ? text : $"{text} ({Hint})";
    }
}
