using Proofgate.Enforcement.Provenance;
using Proofgate.Protection;

namespace Proofgate.Enforcement;

/// <summary>
/// What is found out about a call once, however many ways there are to execute it: what its session has seen, what its prompt stands on, and what a recogniser found in it. It goes over to the call
/// that takes another's place.
/// </summary>
internal sealed class Preparation : IAsyncDisposable
{
    /// <summary>Whether steps 6 and 7 have been taken.</summary>
    internal bool IsDone { get; set; }

    /// <summary>The session that the call is of; null where it is of none.</summary>
    internal Session? Session { get; set; }

    internal Grounding? Grounding { get; set; }

    internal Recognition? Recognition { get; set; }

    /// <summary>What a recogniser found in the prompt; null where none was asked.</summary>
    internal NamedValues? Names { get; set; }

    public ValueTask DisposeAsync() => Recognition?.DisposeAsync() ?? ValueTask.CompletedTask;
}
