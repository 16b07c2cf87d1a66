namespace Proofgate.Inference.Dialects.Responses;

/// <summary>Where in a response, or in an event of one, a value stands.</summary>
internal enum ResponsePlace
{
    /// <summary>A whole response.</summary>
    Response,

    /// <summary>An event of a known type.</summary>
    Event,

    /// <summary>An event that is not known: its strings may be pieces.</summary>
    UnknownEvent,

    /// <summary>Inside a piece that is not known.</summary>
    Fragment,

    /// <summary>An item of the output.</summary>
    Item,

    /// <summary>A part of an item's content.</summary>
    Content,

    /// <summary>A part of the summary of what was reasoned.</summary>
    Summary,

    /// <summary>What belongs to a conversation that is kept.</summary>
    Conversation,

    /// <summary>Inside an item: what names sources has ids.</summary>
    Detail,
    Elsewhere,
}
