namespace Proofgate.Cli;

/// <summary>Why a command did not do what was asked, ready to be shown.</summary>
/// <param name="Exit">The code that the process ends with.</param>
/// <param name="Code">Stable name for scripts, for example <c>invalid_api_key</c>: the gateway's own where it gave one.</param>
/// <param name="Message">One sentence that says what happened and what to do.</param>
internal sealed record CliError(ExitCode Exit, string Code, string Message)
{
    /// <summary>HTTP status of the answer, where there was one.</summary>
    internal int? Status { get; init; }

    /// <summary>The name of the refused act in the audit log, where the gateway gave one.</summary>
    internal string? AuditId { get; init; }

    internal static CliError Usage(string code, string message) => new(ExitCode.Usage, code, message);

    internal static CliError Unreachable(string code, string message) => new(ExitCode.Unreachable, code, message);
}
