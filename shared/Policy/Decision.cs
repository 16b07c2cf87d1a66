namespace Proofgate.Policy;

/// <summary>One answer of policy, with everything that is needed to explain it and to decide it again.</summary>
public sealed record Decision
{
    internal Decision()
    {
    }

    public required bool Allowed { get; init; }

    /// <summary>Ids of the policies that decided; the engine's own begin with <c>proofgate.</c></summary>
    public required IReadOnlyList<string> Policies { get; init; }

    /// <summary>Ids of policies that could not be evaluated. A forbid among them refuses.</summary>
    public required IReadOnlyList<string> Errors { get; init; }

    /// <summary>For the caller: the <c>@reason</c> of what refused, or a general sentence. Never an attribute's value.</summary>
    public required string Reason { get; init; }

    /// <summary>Of a refusal: the stronger sign-in under which this caller would be allowed. Null if there is none.</summary>
    public StepUp? StepUp { get; init; }

    /// <summary>
    /// Until when this may be relied on without asking again: the credential's expiry, or the bundle's <c>decisionLifetime</c> after the question,
    /// because conditions on the clock change. Whoever is still acting then asks again.
    /// </summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>What report-only policies would have made of it; null where none applied.</summary>
    public ReportedDecision? Report { get; init; }

    /// <summary>Digest of the bundle that decided.</summary>
    public required string PolicyDigest { get; init; }
}
