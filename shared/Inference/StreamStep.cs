namespace Proofgate.Inference;

/// <summary>What an upstream event meant for the stream.</summary>
public enum StreamStep
{
    /// <summary>More events are expected.</summary>
    Continue,

    /// <summary>The protocol's own last event.</summary>
    Ended,

    /// <summary>The provider reported an error in-band; it was passed on, inspected.</summary>
    Failed,
}
