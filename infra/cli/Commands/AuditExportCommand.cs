using System.CommandLine;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Evidence;
using Proofgate.Cli.Evidence;
using Proofgate.Cli.Help;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate audit export</c>: a copy of the evidence that can be verified anywhere.</summary>
internal sealed class AuditExportCommand : CliCommand
{
    private readonly EvidenceOptionSet _evidence = new();

    private readonly Option<string> _out = new("--out") { HelpName = "FOLDER", Required = true, Description = "Where the copy goes. A copy that is there already is brought up to date; nothing in it is overwritten." };

    internal AuditExportCommand(CommandScope scope)
        : base(scope, "export", "Copy bundles, tiles, checkpoints and the super-log to a folder.", new Lesson(
            [
                new Example("proofgate audit export --out /mnt/usb/log", "copies the local run's evidence"),
                new Example("proofgate audit verify --evidence /mnt/usb/log --log-key \"$VKEY\"", "verifies the copy, on any machine"),
            ],
            [ExitCode.Done, ExitCode.Usage, new ExitCode(3, "a folder could not be read or written"), new ExitCode(10, "the copy that is there has other bytes"), ExitCode.Interrupted],
            "Give the log's key to whoever verifies by another way than with the copy."))
    {
        Add(_out);
        Add(_evidence.Folder);
        Add(_evidence.Keys);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (!EvidenceSource.TryLocate(Host, parsed.GetValue(_evidence.Folder), parsed.GetValue(_evidence.Keys), out var source, out var error))
        {
            return printer.Fail(error);
        }

        if (LogOrigin.OfSuperLog(source.Key.Name) is not { } origin)
        {
            return printer.Fail(CliError.Usage("log_key_malformed", "--log-key is not a super-log's: its name ends in -super."));
        }

        var folder = Path.Combine(Host.Folder, parsed.GetRequiredValue(_out));
        var copy = new EvidenceCopy(source.Store, new FileEvidenceStore(folder));
        try
        {
            await copy.RunAsync(origin, cancellationToken);
        }
        catch (EvidenceUnavailableException e)
        {
            return printer.Fail(CliError.Unreachable("evidence_unreadable", e.Message));
        }
        catch (EvidenceDamagedException e)
        {
            return printer.Fail(new CliError(new ExitCode(10, string.Empty), "bytes_changed", e.Message));
        }

        if (printer.Json)
        {
            printer.Document(new ExportDocument(folder, source.Key.ToString(), copy.Files, copy.Copied), CliJson.Default.ExportDocument);
        }
        else
        {
            printer.Line($"{copy.Files} files of the evidence are in {folder}, {copy.Copied} of them new.");
            printer.Line($"The log's key: {source.Key}");
        }

        return ExitCode.Done.Value;
    }
}
