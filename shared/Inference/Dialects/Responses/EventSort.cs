namespace Proofgate.Inference.Dialects.Responses;

/// <summary>What an event does to the texts of a response.</summary>
internal enum EventSort
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Known, and about no text that comes in pieces.</summary>
    Other,

    /// <summary>Begins an item or a part of one, and so ends the text before it.</summary>
    Begins,

    /// <summary>Brings a piece of a text.</summary>
    Piece,

    /// <summary>Ends a text, and says it again.</summary>
    Ends,

    /// <summary>The whole response as it is by now.</summary>
    Snapshot,

    /// <summary>The same, for the last time.</summary>
    Last,

    /// <summary>Nothing comes after it.</summary>
    Error,
}
