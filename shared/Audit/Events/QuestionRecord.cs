namespace Proofgate.Audit.Events;

/// <summary>One further question that was asked of policy, and its answer.</summary>
public sealed record QuestionRecord(string Action, string Resource, bool Allowed, IReadOnlyList<string> Policies)
{
    private const char To = '>';

    /// <summary>The resource of a question about giving a kind of data to a tool of the caller.</summary>
    public static string Given(string kind, string tool) => $"{kind}{To}{tool}";

    /// <summary>The kind and the tool of such a question; null of another.</summary>
    public static (string Kind, string Tool)? GivenIn(string resource) =>
        resource.IndexOf(To, StringComparison.Ordinal) is > 0 and var at ? (resource[..at], resource[(at + 1)..]) : null;
}
