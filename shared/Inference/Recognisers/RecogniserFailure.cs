namespace Proofgate.Inference.Recognisers;

/// <summary>What happens to a text that nobody could look at.</summary>
public enum RecogniserFailure
{
    /// <summary>It does not go on.</summary>
    Closed,

    /// <summary>It goes on.</summary>
    Open,
}
