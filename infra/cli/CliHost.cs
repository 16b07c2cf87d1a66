using Proofgate.Audit;
using Proofgate.Cli.Ledger;

namespace Proofgate.Cli;

/// <summary>Everything that a command takes from its process, so that a test can hand it something else.</summary>
internal sealed class CliHost
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    /// <summary>Whether a person reads the output. Only then are colours used, and control characters taken out of a model's text.</summary>
    public required bool OutIsTerminal { get; init; }

    public required bool InIsTerminal { get; init; }

    /// <summary>Whether somebody watches stderr: only then is progress shown.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Reads an environment variable; null where it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The folder from which <c>.proofgate</c> is looked for.</summary>
    public required string Folder { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Opens the audit log's table.</summary>
    public required Func<LedgerPlace, ILedgerTable> OpenLedger { get; init; }

    /// <summary>Opens the table of subjects' data keys beside it.</summary>
    public Func<LedgerPlace, ISubjectKeyStore> OpenSubjectKeys { get; init; } = StoredLedger.OpenSubjectKeys;

    internal static CliHost OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        In = Console.In,
        OutIsTerminal = !Console.IsOutputRedirected,
        InIsTerminal = !Console.IsInputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        Variable = Environment.GetEnvironmentVariable,
        Folder = Environment.CurrentDirectory,
        OpenLedger = StoredLedger.Open,
    };
}
