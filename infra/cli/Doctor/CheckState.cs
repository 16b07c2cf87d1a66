namespace Proofgate.Cli.Doctor;

/// <summary>How something was found.</summary>
internal enum CheckState
{
    Ok,

    /// <summary>It works, and will not for ever or not for everybody.</summary>
    Warning,

    Failed,

    /// <summary>It could not be looked at; the detail says what is missing for that.</summary>
    Skipped,
}
