namespace Proofgate.Cedar;

/// <summary>Where policies get their ids.</summary>
public enum PolicyNaming
{
    /// <summary><c>policy0</c>, <c>policy1</c>, ... in the order of the text, templates counted: the way of Cedar's own libraries.</summary>
    ByOrder,

    /// <summary>The annotation <c>@id("...")</c>, or the order where there is none. An id that occurs twice is an error.</summary>
    ByAnnotation,
}
