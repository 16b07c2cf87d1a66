using System.Buffers;
using Proofgate.Enforcement;

namespace Proofgate.Inference;

/// <summary>A request body that was read once by its dialect. Owns pooled memory: dispose it when the call has ended.</summary>
public abstract class InferenceRequest : IDisposable
{
    /// <summary>The public model name that the caller asked for.</summary>
    public required string Model { get; init; }

    public required bool Stream { get; init; }

    /// <summary>Whether the request has a part that cannot be inspected: an image, audio, a file, a remote address.</summary>
    public required bool Opaque { get; init; }

    /// <summary>Characters in all text slots together.</summary>
    public required long TextLength { get; init; }

    /// <summary>Upper bound of the tokens that this call may cost: prompt by its length, answer by the request's own limit.</summary>
    public required long EstimatedTokens { get; init; }

    /// <summary>Tools that the provider would run itself, by the provider's name for their kind; policy is asked for each.</summary>
    public IReadOnlyList<string> HostedTools { get; init; } = [];

    /// <summary>Names of the tools that the caller itself runs.</summary>
    public IReadOnlyList<string> ClientTools { get; init; } = [];

    /// <summary>Datasets that the prompt is to stand on.</summary>
    public IReadOnlyList<GroundingRequest> Grounding { get; init; } = [];

    /// <summary>Whether the answer has text, into which values can come back.</summary>
    public virtual bool AnswersInText => true;

    /// <summary>Lineage tokens of earlier answers that came in the body, as they came.</summary>
    public IReadOnlyList<string> Lineage { get; init; } = [];

    /// <summary>The version of the protocol that the provider is asked by, in a header; null where the dialect has none.</summary>
    public string? Version { get; init; }

    /// <summary>Betas of the protocol that the provider is asked for, each on its dialect's list.</summary>
    public IReadOnlyList<string> Betas { get; init; } = [];

    /// <summary>Shows every decoded text slot once to <paramref name="inspect"/>. The span is valid during the call only.</summary>
    public abstract void VisitTexts(ReadOnlySpanAction<char, object?> inspect, object? state);

    /// <summary>Places what was fetched before what was said. From then on it is part of the request's texts.</summary>
    /// <returns>False if the texts get too long by it.</returns>
    public abstract bool Place(IReadOnlyList<GroundingPassage> passages);

    /// <summary>The same request with placeholders for the values that the map replaces. It lives as long as this one.</summary>
    public abstract InferenceRequest Protect(PlaceholderMap map);

    /// <summary>Writes the body for the upstream: the model's upstream name, no stored state, usage asked for, our own members removed.</summary>
    public abstract void WriteUpstream(IBufferWriter<byte> output, string upstreamModel);

    public abstract void Dispose();
}
