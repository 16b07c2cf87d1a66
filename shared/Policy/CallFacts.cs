using Proofgate.Cedar;

namespace Proofgate.Policy;

/// <summary>What a decision must know of a call beside who calls: it changes along the way, and the label only rises.</summary>
public sealed record CallFacts
{
    /// <summary>Rank of the highest label that anything in the call carries.</summary>
    public required long Label { get; init; }

    /// <summary>Kinds of sensitive data found in the prompt.</summary>
    public IReadOnlyCollection<string> Kinds { get; init; } = [];

    /// <summary>Whether a part of the call could not be inspected.</summary>
    public bool Opaque { get; init; }

    public bool Stream { get; init; }

    /// <summary>What the caller says that the call is for: never proof of anything.</summary>
    public string? DeclaredPurpose { get; init; }

    /// <summary>Of a tool's arguments, those that the bundle's schema names; null where the call has none, or they are not known here.</summary>
    public RecordValue? Arguments { get; init; }

    /// <summary>Null where no token of an earlier answer came with the call.</summary>
    public LineageFacts? Lineage { get; init; }

    /// <summary>Whether the call is one of a session of its caller, whose label it has at least.</summary>
    public bool Session { get; init; }
}
