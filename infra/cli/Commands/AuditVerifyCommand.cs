using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Verification;
using Proofgate.Cli.Evidence;
using Proofgate.Cli.Help;
using Proofgate.Cli.Ledger;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate audit verify</c>: recomputes the ledger from its rows. Needs no gateway and none of its secrets.</summary>
internal sealed class AuditVerifyCommand : CliCommand
{
    private readonly LedgerOptionSet _ledger = new();

    private readonly EvidenceOptionSet _evidence = new();

    private readonly Option<string?> _policy = new("--policy") { HelpName = "FILE", Description = "Who must have cosigned (C2SP tlog-policy). With --evidence." };

    private readonly Option<string?> _witness = new("--witness") { HelpName = "FOLDER", Description = "Record of a witness, as `audit witness` keeps it. With --evidence and --policy." };

    internal AuditVerifyCommand(CommandScope scope)
        : base(scope, "verify", "Read the whole audit log from storage and compute it again: every leaf, root, commit and counter.", new Lesson(
            [
                new Example("proofgate audit verify", "verifies the local run's log, also while the gateway runs"),
                new Example("proofgate audit verify --table-endpoint https://ledger.table.core.windows.net", "verifies a deployment's log with your own identity"),
                new Example("proofgate audit verify --json | jq .openDecisions", "the calls that were let through and have no outcome yet"),
                new Example("proofgate audit verify --evidence /mnt/usb/log --log-key \"$VKEY\"", "verifies a copy offline: signatures, every leaf, tile and checkpoint"),
            ],
            [
                new ExitCode(0, "sound; open decisions, gaps and opaque leaves are listed and change nothing"),
                ExitCode.Usage,
                new ExitCode(3, "the log could not be read"),
                new ExitCode(10, "bytes were changed"),
                new ExitCode(11, "rows are missing"),
                new ExitCode(12, "events are out of order or there twice"),
                new ExitCode(13, "with --evidence: a signature is not the log's"),
                new ExitCode(14, "with --evidence and --policy: a rewrite of what a witness has seen"),
                new ExitCode(15, "a hole in the stream has no gap leaf"),
                new ExitCode(17, "with --evidence and --policy: no cosigned checkpoint meets the policy"),
                ExitCode.Interrupted,
            ],
            "The exit code is that of the first finding, of which others may follow; all are listed with their place. Code 16 is kept for\n"
            + "decisions that are made again, which this version does not check.",
            "Without --evidence it reads the table, which is the working copy; with it a copy of the signed files, for which nothing but the\n"
            + "log's public key is needed. Pin that key: have it from the operator by another way than the copy.",
            "It verifies what the log holds now and waits for nothing. " + VerificationReport.WithoutCheckpoint))
    {
        Add(_ledger.Storage);
        Add(_ledger.Endpoint);
        Add(_evidence.Folder);
        Add(_evidence.Key);
        Add(_policy);
        Add(_witness);
        Validators.Add(result =>
        {
            if (result.GetValue(_ledger.Storage) is not null && result.GetValue(_ledger.Endpoint) is not null)
            {
                result.AddError("--storage and --table-endpoint exclude each other");
            }

            var evidence = result.GetValue(_evidence.Folder) is not null;
            if (evidence && (result.GetValue(_ledger.Storage) ?? result.GetValue(_ledger.Endpoint)) is not null)
            {
                result.AddError("--evidence is a copy of files: it excludes --storage and --table-endpoint");
            }

            if (!evidence && (result.GetValue(_evidence.Key) ?? result.GetValue(_policy) ?? result.GetValue(_witness)) is not null)
            {
                result.AddError("--log-key, --policy and --witness go with --evidence");
            }
        });
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_evidence.Folder) is { } folder)
        {
            return await EvidenceAsync(folder, parsed, printer, cancellationToken);
        }

        if (!_ledger.TryOpen(Host, parsed, out var table, out var place, out var error))
        {
            return printer.Fail(error);
        }

        var options = new VerificationOptions { Progress = Host.ErrorIsTerminal ? new VerifyProgress(printer, Host.Time) : null };
        var report = VerificationDocument.Of(await new LedgerVerifier(table).VerifyAsync(options, cancellationToken), place.Named);
        if (printer.Json)
        {
            printer.Document(report, CliJson.Default.VerificationDocument);
        }
        else
        {
            VerificationText.Write(report, printer);
        }

        if (report.ExitCode == ExitCode.Unreachable.Value)
        {
            var local = parsed.GetValue(_ledger.Storage) is null && parsed.GetValue(_ledger.Endpoint) is null;
            var remedy = local ? $"is the local run going? Its storage ends with it; {StateFile.StartHint}" : "check the address, and that you may read it";
            printer.Remark($"proofgate: the audit log could not be read to its end: {remedy}.");
        }

        return report.ExitCode;
    }

    private async Task<int> EvidenceAsync(string folder, ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (!EvidenceSource.TryLocate(Host, folder, parsed.GetValue(_evidence.Key), out var source, out var error)
            || !TryReadPolicy(parsed.GetValue(_policy), out var policy, out error))
        {
            return printer.Fail(error);
        }

        var options = new EvidenceOptions
        {
            Pinned = source.Key,
            Policy = policy,
            Witnessed = parsed.GetValue(_witness) is { } record ? Cosigned(Path.Combine(Host.Folder, record)) : [],
            Verification = new VerificationOptions { Progress = Host.ErrorIsTerminal ? new VerifyProgress(printer, Host.Time) : null },
        };
        var document = EvidenceDocument.Of(await new EvidenceVerifier(source.Store).VerifyAsync(options, cancellationToken), source);
        if (printer.Json)
        {
            printer.Document(document, CliJson.Default.EvidenceDocument);
        }
        else
        {
            VerificationText.Write(document.Verification, printer);
            printer.Line(
                $"{document.Checkpoints} signed checkpoints, {document.Bundles} bundles, {document.Tiles} tiles; {document.Heartbeats} heartbeats to {document.Latest:u}, "
                + $"{document.KeyChanges} changes of the key, {document.Witnessed} checkpoints that witnesses saw.");
        }

        return document.Verification.ExitCode;
    }

    private bool TryReadPolicy(string? file, out WitnessPolicy? policy, [NotNullWhen(false)] out CliError? error)
    {
        (policy, error) = (null, null);
        if (file is null)
        {
            return true;
        }

        try
        {
            if (WitnessPolicy.TryParse(File.ReadAllText(Path.Combine(Host.Folder, file)), out policy, out var problem))
            {
                return true;
            }

            error = CliError.Usage("policy_malformed", $"{file} is not a policy (C2SP tlog-policy): {problem}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = CliError.Unreachable("policy_unreadable", $"{file} cannot be read: check that it exists and is yours.");
        }

        return false;
    }

    private static List<ReadOnlyMemory<byte>> Cosigned(string record) => Directory.Exists(record)
        ? [.. Directory.EnumerateFiles(record, "checkpoint", SearchOption.AllDirectories).Select(static f => new ReadOnlyMemory<byte>(File.ReadAllBytes(f)))]
        : [];
}
