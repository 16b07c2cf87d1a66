using Proofgate.Cedar;
using Proofgate.Protection;

namespace Proofgate.Enforcement;

/// <summary>A recogniser as a bundle names it and this deployment knows it.</summary>
public sealed record RecogniserPlan
{
    public required string Name { get; init; }

    /// <summary>As policy sees it: a model, of which <c>disclose</c> is asked.</summary>
    public required Entity Entity { get; init; }

    /// <summary>What it can find.</summary>
    public required IReadOnlyList<Kind> Kinds { get; init; }

    /// <summary>Whether prompts are looked at.</summary>
    public required bool Prompts { get; init; }

    /// <summary>Whether answers are looked at. Each is then held until it has been, whether it is streamed or not.</summary>
    public required bool Answers { get; init; }

    /// <summary>Whether a call goes on without it when it is out of order. Default: it does not.</summary>
    public bool FailsOpen { get; init; }
}
