namespace Proofgate.Cli.Doctor;

/// <summary>What one look has found.</summary>
/// <param name="Check">What was looked at, for example <c>clock</c>; stable for scripts.</param>
/// <param name="State">How it was found.</param>
/// <param name="Detail">One sentence, without secrets.</param>
/// <param name="Fix">What to do; null where nothing is to be done.</param>
internal sealed record Finding(string Check, CheckState State, string Detail, string? Fix = null)
{
    internal static Finding Ok(string check, string detail) => new(check, CheckState.Ok, detail);

    internal static Finding Warning(string check, string detail, string fix) => new(check, CheckState.Warning, detail, fix);

    internal static Finding Failed(string check, string detail, string fix) => new(check, CheckState.Failed, detail, fix);

    internal static Finding Skipped(string check, string detail) => new(check, CheckState.Skipped, detail);
}
