using Proofgate.Audit.Events;

namespace Proofgate.Cli.Output;

/// <summary>What <c>audit show --json</c> prints.</summary>
internal sealed record DecisionDocument
{
    public required string AuditId { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required bool Allowed { get; init; }

    public required string Action { get; init; }

    public required string Resource { get; init; }

    public required IReadOnlyList<string> Policies { get; init; }

    public required IReadOnlyList<string> Errors { get; init; }

    /// <summary>Of the bundle that decided.</summary>
    public required string Digest { get; init; }

    /// <summary>The label's name, or its rank where the bundle is not at hand.</summary>
    public required string Label { get; init; }

    /// <summary>Who called, then each who acted for the caller; absent where the sealed part cannot be opened.</summary>
    public IReadOnlyList<string>? Principals { get; init; }

    /// <summary>The status and code of a refusal.</summary>
    public Refused? Refusal { get; init; }

    public required IReadOnlyList<Question> Questions { get; init; }

    /// <summary>What was found in the request, with counts.</summary>
    public required IReadOnlyDictionary<string, long> Kinds { get; init; }

    /// <summary>Of which placeholders stood for so many.</summary>
    public required IReadOnlyDictionary<string, long> Placeholders { get; init; }

    public required IReadOnlyList<Rows> Residuals { get; init; }

    /// <summary>The decisions under which the rows were read that the call stood on.</summary>
    public required IReadOnlyList<DecisionDocument> Grounds { get; init; }

    /// <summary>Absent where the call has not ended, or was refused.</summary>
    public Ended? Outcome { get; init; }

    internal sealed record Refused(int Status, string Reason);

    internal sealed record Question(string Action, string Resource, bool Allowed, IReadOnlyList<string> Policies);

    /// <param name="Dataset">Its name.</param>
    /// <param name="Digest">SHA-256 of the text.</param>
    /// <param name="Text">Which rows may be read, as policy came to it; absent where the bundle, or what the request said, is not at hand.</param>
    internal sealed record Rows(string Dataset, string Digest, string? Text);

    internal sealed record Ended(string Result, int Status, string? Target, long? Rows, long Bytes, string? Digest, IReadOnlyDictionary<string, long> Redactions, IReadOnlyDictionary<string, long> Restored)
    {
        internal static Ended? Of(OutcomeEvent? outcome) => outcome is null
            ? null
            : new Ended(outcome.Result, outcome.Status, outcome.Target, outcome.Rows, outcome.BytesOut, outcome.AnswerDigest, outcome.Redactions, outcome.Restored);
    }
}
