namespace Proofgate.Http.Tests.Faults;

/// <summary>What a provider does wrong, as it is seen on its socket.</summary>
public enum UpstreamFault
{
    None,

    /// <summary>Resets the connection when it has the request.</summary>
    Refuses,

    /// <summary>Answers in no protocol.</summary>
    SpeaksNoHttp,

    StallsBeforeHeaders,

    /// <summary>Headers, and nothing more.</summary>
    StallsAfterHeaders,

    /// <summary>Half of an answer, and nothing more.</summary>
    StallsMidway,

    /// <summary>Resets the connection in the middle of an event, or of a body.</summary>
    DiesMidway,

    /// <summary>Ends the answer in good order, but before its end.</summary>
    EndsEarly,

    /// <summary>Something that is not the JSON of its protocol.</summary>
    SendsGarbage,

    /// <summary>One event, or body, of 100 MB.</summary>
    SendsTooMuch,

    /// <summary>As it should be.</summary>
    Compresses,

    /// <summary>Says that it is compressed, and sends something else.</summary>
    CompressesBadly,

    /// <summary>100 MB of nothing, compressed to little.</summary>
    Bomb,

    /// <summary>Status 200 with an error in it.</summary>
    ErrorAsSuccess,

    /// <summary>A good answer of more than any buffer holds.</summary>
    LongAnswer,
}
