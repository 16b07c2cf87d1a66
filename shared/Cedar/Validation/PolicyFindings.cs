namespace Proofgate.Cedar.Validation;

/// <summary>Collects what is found in one policy. The same thing found in several environments counts once.</summary>
internal sealed class PolicyFindings(Policy policy)
{
    private const int LongestMessage = 600;

    private readonly HashSet<(int Offset, string Message)> _seen = [];
    private readonly List<ValidationFinding> _errors = [];
    private readonly List<ValidationFinding> _warnings = [];

    /// <summary>No more errors would be kept.</summary>
    public bool IsFull => _errors.Count >= CedarLimits.ErrorsPerPolicy;

    public bool HasErrors => _errors.Count > 0;

    public IEnumerable<ValidationFinding> Errors => _errors.OrderBy(error => error.Position.Offset);

    public IEnumerable<ValidationFinding> Warnings => _warnings.OrderBy(warning => warning.Position.Offset);

    public void Error(SourcePosition position, string message, string? hint = null) => Add(_errors, position, message, hint);

    public void Warn(SourcePosition position, string message, string? hint = null) => Add(_warnings, position, message, hint);

    private void Add(List<ValidationFinding> to, SourcePosition position, string message, string? hint)
    {
        message = Shorten(message);
        if (to.Count < CedarLimits.ErrorsPerPolicy && _seen.Add((position.Offset, message)))
            to.Add(new ValidationFinding(policy.Id, message) { FileName = policy.FileName, Position = position, Hint = hint is null ? null : Shorten(hint) });
    }

    private static string Shorten(string text) => text.Length > LongestMessage ? text[..LongestMessage] + "..." : text;
}
