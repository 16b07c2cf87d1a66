namespace Proofgate.Inference.Dialects.Anthropic;

/// <summary>Where in a message, or in an event of one, a value stands.</summary>
internal enum MessagePlace
{
    /// <summary>A whole message.</summary>
    Message,

    /// <summary>An event of a known type.</summary>
    Event,

    /// <summary>An event that is not known: its strings may be pieces.</summary>
    UnknownEvent,

    /// <summary>The blocks of a message.</summary>
    Content,

    /// <summary>The beginning of a block of a stream.</summary>
    BlockStart,

    /// <summary>A piece of a block.</summary>
    BlockDelta,

    /// <summary>What ends a message.</summary>
    MessageDelta,
    ToolInput,
    Container,

    /// <summary>Inside a piece that is not known.</summary>
    Fragment,
    Elsewhere,
}
