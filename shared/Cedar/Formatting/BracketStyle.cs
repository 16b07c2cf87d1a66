namespace Proofgate.Cedar.Formatting;

/// <summary>How a bracket that does not fit on a line is broken.</summary>
internal enum BracketStyle
{
    /// <summary>Not at all; what is in it is broken, further in.</summary>
    Hugging,

    /// <summary>An item a line, each below the first, if the bracket starts a line, else as <see cref="Open"/>.</summary>
    Aligned,

    /// <summary>An item a line, with the brackets on lines of their own.</summary>
    Open,
}
