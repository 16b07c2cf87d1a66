namespace Proofgate.Cli;

/// <summary>How a command ends, as scripts see it. Values never change their meaning; every command's help lists its own.</summary>
/// <param name="Value">Given to the shell, 0 to 255.</param>
/// <param name="Meaning">One line of help.</param>
internal readonly record struct ExitCode(int Value, string Meaning)
{
    internal static ExitCode Done { get; } = new(0, "done");

    internal static ExitCode Bug { get; } = new(1, "proofgate itself failed: please report it");

    internal static ExitCode Usage { get; } = new(2, "the command line, address or key file is not usable as given");

    internal static ExitCode Unreachable { get; } = new(3, "the gateway or a file could not be reached or read");

    internal static ExitCode Refused { get; } = new(4, "the gateway refused: who you are (401) or what you may do (403)");

    internal static ExitCode Failed { get; } = new(5, "the gateway answered with another error, or its answer was incomplete");

    internal static ExitCode Unsound { get; } = new(20, "the policy bundle, or one of its test files, has problems");

    internal static ExitCode TestsFailed { get; } = new(21, "a test of the policy bundle failed");

    internal static ExitCode Differs { get; } = new(22, "decisions would change");

    internal static ExitCode Unformatted { get; } = new(23, "a policy file has another layout");

    internal static ExitCode Unwell { get; } = new(24, "something has to be mended: the output says what");

    /// <summary>128 + SIGINT, as shells write it.</summary>
    internal static ExitCode Interrupted { get; } = new(130, "stopped with Ctrl-C");

    /// <summary>What every command that speaks to a gateway can end with.</summary>
    internal static IReadOnlyList<ExitCode> OfGateway { get; } = [Done, Usage, Unreachable, Refused, Failed, Interrupted];
}
