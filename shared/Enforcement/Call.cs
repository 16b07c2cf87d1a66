using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Cedar;
using Proofgate.Identity;
using Proofgate.Policy;
using Proofgate.Protection;

namespace Proofgate.Enforcement;

/// <summary>
/// What an authenticated caller asks for, read and bounded but not yet allowed. Rooms derive their own: an inference, a query, an act of
/// administration. Nothing can be executed from it.
/// </summary>
public abstract record Call
{
    public required AuditId Id { get; init; }

    /// <summary>The call that this one takes the place of, because what should have executed that one did not: its decision stands in the ledger before this one's.</summary>
    public AuditId? InsteadOf { get; init; }

    /// <summary>The call that this one is a part of and that is open meanwhile: it counts as a request of its own, and stands in that one's place.</summary>
    public AuditId? PartOf { get; init; }

    public required Caller Caller { get; init; }

    /// <summary>The one bundle by which this call is decided, from beginning to end.</summary>
    public required PolicyBundle Bundle { get; init; }

    /// <summary>How it came in, for the ledger.</summary>
    public required RequestRecord Request { get; init; }

    public required EntityUid Action { get; init; }

    public required Entity Resource { get; init; }

    /// <summary>The label rank that the caller declared; it can only raise.</summary>
    public long DeclaredLabel { get; init; }

    public string? DeclaredPurpose { get; init; }

    /// <summary>What verified tokens of earlier answers say; they can only raise the label.</summary>
    public IReadOnlyList<LineageClaim> Lineage { get; init; } = [];

    /// <summary>The session that the caller wants the call to be of; null: none.</summary>
    public SessionChoice? Session { get; init; }

    public bool Stream { get; init; }

    /// <summary>Whether a part of the call cannot be inspected.</summary>
    public bool Opaque { get; init; }

    /// <summary>Rank of the label that the answer carries at least: what is asked for has labels of its own.</summary>
    public virtual long AnswerLabel => 0;

    /// <summary>Of a tool's arguments, those that policy may see; null where there are none.</summary>
    public virtual RecordValue? PolicyArguments => null;

    /// <summary>What gets the content of the call, for messages.</summary>
    public virtual string Recipient => "model";

    /// <summary>Columns that the call is about: policy is asked for each (<c>readColumn</c>).</summary>
    public virtual IReadOnlyList<Entity> Columns => [];

    /// <summary>Whether rows of the resource are read, so that policy is asked which of them the caller may see (<c>readRow</c>).</summary>
    public virtual bool ReadsRows => false;

    /// <summary>Kinds that can stand in the answer: policy is asked about no others.</summary>
    public virtual IEnumerable<Kind> AnswerKinds => HasAnswer ? RuleSet.Default.Kinds : [];

    /// <summary>What the room finds wrong with a call that policy allows, once it is known what the caller may see. Nothing has been asked of anybody yet.</summary>
    /// <returns>Null: the call can be served.</returns>
    public virtual Refusal? ObjectionTo(Sight sight) => null;

    /// <summary>Whether the answer has content, so that policy is asked which kinds the caller may see in it.</summary>
    public virtual bool HasAnswer => false;

    /// <summary>Tools that would run out of our sight, at the provider: policy is asked for each (<c>useTool</c>).</summary>
    public IReadOnlyList<Entity> Tools { get; init; } = [];

    /// <summary>Tools that the caller runs itself: policy is asked what may come back in their arguments of that which was kept from the model.</summary>
    public IReadOnlyList<Entity> ClientTools { get; init; } = [];

    /// <summary>Whether what is kept from the model by placeholders can come back in the answer.</summary>
    public virtual bool AnswersInText => false;

    /// <summary>Datasets that the prompt is to stand on.</summary>
    public virtual IReadOnlyList<GroundingRequest> Grounding => [];

    /// <summary>Upper bound of the tokens that the call may cost; 0 where it costs none.</summary>
    public long EstimatedTokens { get; init; }

    /// <summary>Upper bound of what the call may cost, in millionths of the currency of the bundle's prices; 0 where it has no price.</summary>
    public virtual long EstimatedCost => 0;

    /// <summary>What the call has cost, in the same unit.</summary>
    public virtual long CostOf(long inputTokens, long outputTokens) => 0;

    /// <summary>Public name of the model that the call uses, for its limits; null where it uses none.</summary>
    public virtual string? ModelName => null;

    /// <summary>Catalogue name of what executes the call, for its outcome.</summary>
    public virtual string? TargetName => null;

    /// <summary>W3C trace id, where there is one.</summary>
    public string? TraceId { get; init; }

    /// <summary>Counts the kinds of sensitive data in everything that would be sent on.</summary>
    public virtual void InspectPrompt(RuleSet rules, KindCounts found)
    {
    }

    /// <summary>Every text that would be sent on, for a recogniser.</summary>
    public virtual IReadOnlyList<string> PromptTexts() => [];

    /// <summary>Places what was fetched into the prompt. From then on it is part of everything that is inspected and sent.</summary>
    /// <returns>False if the prompt gets too large by it.</returns>
    public virtual bool PlaceGrounding(IReadOnlyList<GroundingPassage> passages) => false;

    /// <summary>Puts placeholders for the values that the map replaces, in everything that would be sent on, and looks at it again.</summary>
    /// <returns>False if such a value is left, because it stands where no placeholder can: then nothing may be sent on.</returns>
    public virtual bool ProtectPrompt(PlaceholderMap map) => false;
}
