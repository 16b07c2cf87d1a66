namespace Proofgate.Protection;

/// <summary>Why a text ended. It is an input of redaction: a cut text may end inside a value.</summary>
public enum TextEnd
{
    /// <summary>The writer was done. A value that is not complete is no value.</summary>
    Finished,

    /// <summary>
    /// A length limit, a stop sequence that the caller chose, an upstream error, an abort. A live match past its rule's sensitive
    /// prefix is redacted, else a caller could read all but the last digit of a card by cutting the answer.
    /// </summary>
    CutShort,
}
