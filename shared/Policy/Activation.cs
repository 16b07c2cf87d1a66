namespace Proofgate.Policy;

/// <summary>A record of activation whose signatures hold.</summary>
public sealed record Activation
{
    internal Activation()
    {
    }

    public required long Sequence { get; init; }

    public required string Digest { get; init; }

    /// <summary>The bundle that decided before; null: none.</summary>
    public required string? Previous { get; init; }

    /// <summary>Whether it goes back to a bundle that was active before.</summary>
    public required bool RollsBack { get; init; }

    /// <summary>Name of the key that signed the bundle.</summary>
    public required string Author { get; init; }

    /// <summary>Name of the key that signed the activation: an approver's, or a host's.</summary>
    public required string By { get; init; }

    /// <summary>When it was signed.</summary>
    public required DateTimeOffset Time { get; init; }
}
