namespace Proofgate.Inference.Dialects.Events;

/// <summary>What becomes of the strings at a place of an answer.</summary>
internal enum Treatment
{
    /// <summary>A text that is whole: inspected on its own.</summary>
    Whole,

    /// <summary>As <see cref="Whole"/>, and for a person.</summary>
    Said,

    /// <summary>As <see cref="Whole"/>, and numbers too: the arguments of a tool, which elsewhere come as one text.</summary>
    Arguments,

    /// <summary>On the dialect's list of fields that are no text.</summary>
    Structural,

    /// <summary>The provider's id of something that it may keep: goes out wrapped.</summary>
    Id,

    /// <summary>A piece of a text that comes over many events.</summary>
    Piece,

    /// <summary>A text, whole, that came in pieces before: redacted as they were.</summary>
    Again,

    /// <summary>A piece of a text that has no redactor to hold it: a value cut over events would pass, so it is left out.</summary>
    Fragment,

    /// <summary>Gives the text's tokens again, past any hold.</summary>
    Repeats,

    /// <summary>The number of the event: ours, because what was held goes out in events of its own.</summary>
    Sequence,
}
