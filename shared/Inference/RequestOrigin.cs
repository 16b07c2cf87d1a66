namespace Proofgate.Inference;

/// <summary>What a dialect may know of a request besides its body.</summary>
public sealed record RequestOrigin
{
    /// <summary>Of nobody: no id was ever issued to them.</summary>
    public static RequestOrigin Unknown { get; } = new();

    /// <summary>The ids that this caller was given; null where none are.</summary>
    public UpstreamIds? Ids { get; init; }

    /// <summary>The model's public name where the path has it (Azure OpenAI); it stands above the body's.</summary>
    public string? Deployment { get; init; }

    /// <summary>The version of the protocol that a header names; null where none does.</summary>
    public string? Version { get; init; }

    /// <summary>Betas of the protocol that a header names.</summary>
    public IReadOnlyList<string> Betas { get; init; } = [];
}
