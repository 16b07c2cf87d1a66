using Proofgate.Audit;

namespace Proofgate.Enforcement;

/// <summary>What was fetched of one dataset, and from where its facts in the call's event come.</summary>
public sealed record GroundingPassage
{
    /// <summary>Name in the catalogue.</summary>
    public required string Dataset { get; init; }

    /// <summary>The rows as the model is to read them. It goes into the prompt as it is and is inspected with it.</summary>
    public required string Text { get; init; }

    /// <summary>The acknowledged decision under which it was read.</summary>
    public required AuditId Decision { get; init; }

    /// <summary>Which rows were asked for, as the event names it; null where all may be read.</summary>
    public string? Residual { get; init; }
}
