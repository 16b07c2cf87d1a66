using Proofgate.Cedar;

namespace Proofgate.Inference.Recognisers;

/// <summary>A recogniser as a bundle describes it.</summary>
internal sealed record RecogniserEntry
{
    internal required string Name { get; init; }

    internal required Entity Entity { get; init; }

    /// <summary>Of the texts, for example <c>en</c>.</summary>
    internal required string Language { get; init; }

    /// <summary>From which score on, 0 to 1, a finding counts.</summary>
    internal required double Threshold { get; init; }

    /// <summary>What the recogniser calls a thing, and which kind that is here.</summary>
    internal required IReadOnlyDictionary<string, Kind> Entities { get; init; }

    internal required bool Prompts { get; init; }

    internal required bool Answers { get; init; }
}
