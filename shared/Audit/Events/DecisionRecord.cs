using System.Collections.ObjectModel;

namespace Proofgate.Audit.Events;

/// <summary>What was decided, and from what, without a personal field: those, the canonical request whole, are in the sealed part.</summary>
public sealed record DecisionRecord
{
    public required bool Allowed { get; init; }

    /// <summary>Cedar action id, for example <c>infer</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Cedar resource, for example <c>Proofgate::Model::"gpt-4o"</c>: a catalogue name.</summary>
    public required string Resource { get; init; }

    /// <summary>SHA-256 of the policy bundle that decided, lower-case hex.</summary>
    public required string PolicyDigest { get; init; }

    /// <summary><c>@id</c> of the determining policies.</summary>
    public required IReadOnlyList<string> Policies { get; init; }

    /// <summary><c>@id</c> of policies that could not be evaluated.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>The further questions (reveal, disclose) and their answers.</summary>
    public IReadOnlyList<QuestionRecord> Questions { get; init; } = [];

    /// <summary>Rank of the label on which the decision was made.</summary>
    public required long Label { get; init; }

    /// <summary>Kinds of sensitive data found in the request, with counts.</summary>
    public IReadOnlyDictionary<string, long> Kinds { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>Those of them that did not go as they are: placeholders stand for so many values.</summary>
    public IReadOnlyDictionary<string, long> Placeholders { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>Catalogue names of the datasets that the call's content is known to come from, by its own grounding or by tokens of earlier answers.</summary>
    public IReadOnlyList<string> Datasets { get; init; } = [];

    /// <summary>Audit ids of the earlier answers whose tokens came with the call.</summary>
    public IReadOnlyList<string> Lineage { get; init; } = [];

    /// <summary>HMAC-SHA256 of the id of the call's session under the tenant's key, lower-case hex; null where it has none.</summary>
    public string? Session { get; init; }

    /// <summary>Whether a part could not be inspected (images, audio, files).</summary>
    public bool Opaque { get; init; }

    /// <summary>By dataset, which rows may be read: SHA-256 of the residual's text, lower-case hex. The text follows from policy and the sealed request.</summary>
    public IReadOnlyDictionary<string, string> Residuals { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Audit ids of the decisions under which the rows were read that the call's prompt stands on.</summary>
    public IReadOnlyList<string> Grounds { get; init; } = [];

    /// <summary>Set where the entity slice is not inside the sealed part.</summary>
    public EntitySliceReference? Entities { get; init; }
}
