using Proofgate.Policy;

namespace Proofgate.Http.Manage;

/// <summary>A record of activation as administrators see it.</summary>
public sealed record ActivationView
{
    /// <summary><c>activated</c> or <c>rolled_back</c>.</summary>
    public required string Act { get; init; }

    public required long Sequence { get; init; }

    public required string Digest { get; init; }

    public string? Previous { get; init; }

    /// <summary>Name of the key that signed the bundle.</summary>
    public required string Author { get; init; }

    /// <summary>Name of the key that signed the activation.</summary>
    public required string By { get; init; }

    public required DateTimeOffset Time { get; init; }

    internal static ActivationView Of(Activation activation) => new()
    {
        Act = activation.RollsBack ? "rolled_back" : "activated",
        Sequence = activation.Sequence,
        Digest = activation.Digest,
        Previous = activation.Previous,
        Author = activation.Author,
        By = activation.By,
        Time = activation.Time,
    };
}
