namespace Proofgate.Cedar.Explaining;

/// <summary>What became of a policy in one evaluation.</summary>
public enum PolicyOutcome
{
    /// <summary>It applied.</summary>
    Satisfied,

    /// <summary>Its scope is about something else.</summary>
    OutOfScope,

    /// <summary>A condition was not met.</summary>
    NotMet,

    /// <summary>A condition could not be evaluated.</summary>
    Failed,
}
