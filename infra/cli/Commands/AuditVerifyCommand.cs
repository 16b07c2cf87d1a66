using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Verification;
using Proofgate.Cli.Evidence;
using Proofgate.Cli.Help;
using Proofgate.Cli.Ledger;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;
using Proofgate.Cli.Policies;
using Proofgate.Policy;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate audit verify</c>: recomputes the ledger from its rows. Needs no gateway and none of its secrets.</summary>
internal sealed class AuditVerifyCommand : CliCommand
{
    private readonly DecisionOptionSet _decisions = new();

    private readonly Option<string[]> _bundles = new("--bundle")
    {
        HelpName = "FOLDER",
        AllowMultipleArgumentsPerToken = true,
        Description = "Policy bundles under which decisions are made again, each under the one that it names. Needs the audit master key.",
    };

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
                new Example("proofgate audit verify --evidence log --log-key \"$NEW\" \"$OLD\"", "the same after a change of the log's key: with one of them alone the other is a finding"),
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
                new ExitCode(16, "a decision that is made again is another one"),
                new ExitCode(17, "with --evidence and --policy: no cosigned checkpoint meets the policy"),
                ExitCode.Interrupted,
            ],
            "The exit code is that of the first finding, of which others may follow; all are listed with their place.",
            "Decisions are made again from what was recorded, each under the bundle that it names: with --bundle and --master, and in the local run\n"
            + "by itself. People who were erased cannot be decided again; what a source returned is attested by the record alone.",
            "Without --evidence it reads the table, which is the working copy; with it a copy of the signed files, for which nothing but the\n"
            + "log's public key is needed. Pin that key: have it from the operator by another way than the copy.",
            "It verifies what the log holds now and waits for nothing. " + VerificationReport.WithoutCheckpoint))
    {
        _decisions.AddTo(this);
        Add(_bundles);
        Add(_evidence.Folder);
        Add(_evidence.Keys);
        Add(_policy);
        Add(_witness);
        Validators.Add(result =>
        {
            var evidence = result.GetValue(_evidence.Folder) is not null;
            if (evidence && (result.GetValue(Ledger.Storage) ?? result.GetValue(Ledger.Endpoint) ?? result.GetValue(_decisions.Master)) is not null)
            {
                result.AddError("--evidence is a copy of files: it excludes --storage, --table-endpoint and --master");
            }

            if (!evidence && (result.GetValue(_evidence.Keys) is { Length: > 0 } || (result.GetValue(_policy) ?? result.GetValue(_witness)) is not null))
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

        if (!Ledger.TryOpen(Host, parsed, out var table, out var place, out var error))
        {
            return printer.Fail(error);
        }

        var options = new VerificationOptions { Progress = Host.ErrorIsTerminal ? new VerifyProgress(printer, Host.Time) : null };
        var report = VerificationDocument.Of(await new LedgerVerifier(table).VerifyAsync(options, cancellationToken), place.Named);
        if (report.ExitCode != ExitCode.Unreachable.Value)
        {
            (report, error) = await DecideAgainAsync(report, parsed, table, place, cancellationToken);
            if (error is not null)
            {
                return printer.Fail(error);
            }
        }

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
            var local = parsed.GetValue(Ledger.Storage) is null && parsed.GetValue(Ledger.Endpoint) is null;
            var remedy = local ? $"is the local run going? Its storage ends with it; {StateFile.StartHint}" : "check the address, and that you may read it";
            printer.Remark($"proofgate: the audit log could not be read to its end: {remedy}.");
        }

        return report.ExitCode;
    }

    private LedgerOptionSet Ledger => _decisions.Ledger;

    /// <summary>Where bundles and keys are given, or are those of the local run, every decision is made again.</summary>
    private async Task<(VerificationDocument Report, CliError? Error)> DecideAgainAsync(
        VerificationDocument report, ParseResult parsed, ILedgerTable table, LedgerPlace place, CancellationToken cancellationToken)
    {
        var asked = parsed.GetValue(_bundles) is { Length: > 0 } || parsed.GetValue(_decisions.Master) is not null;
        var local = parsed.GetValue(Ledger.Storage) is null && parsed.GetValue(Ledger.Endpoint) is null && LocalSecrets.AuditMaster(Host) is not null;
        if (!asked && !local)
        {
            return (report, null);
        }

        var bundles = new Dictionary<string, PolicyBundle>(StringComparer.Ordinal);
        string?[] folders = parsed.GetValue(_bundles) is { Length: > 0 } named ? named : new string?[] { null };
        foreach (var folder in folders)
        {
            switch (new BundleFolders(Host).Load(folder))
            {
                case BundleOutcome.Loaded loaded:
                    bundles[loaded.Bundle.Digest] = loaded.Bundle;
                    break;
                case var other when asked:
                    return (report, other is BundleOutcome.Failed failed
                        ? failed.Error
                        : new CliError(ExitCode.Unsound, "bundle_unsound", $"the bundle in '{folder}' cannot be used: `proofgate policy check` says why."));
            }
        }

        if (!_decisions.TryOpen(parsed, Host, table, place, out var decisions, out var error))
        {
            return (report, error);
        }

        try
        {
            var (result, findings) = await Redecision.RunAsync(decisions, bundles, Listed.Most, cancellationToken);
            return (report.With(result, findings), null);
        }
        catch (Exception unreachable) when (LedgerDecisions.IsOutage(unreachable))
        {
            return (report, LedgerDecisions.Unreachable);
        }
    }

    private async Task<int> EvidenceAsync(string folder, ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (!EvidenceSource.TryLocate(Host, folder, parsed.GetValue(_evidence.Keys), out var source, out var error)
            || !TryReadPolicy(parsed.GetValue(_policy), out var policy, out error))
        {
            return printer.Fail(error);
        }

        var options = new EvidenceOptions
        {
            Pinned = source.Keys,
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
