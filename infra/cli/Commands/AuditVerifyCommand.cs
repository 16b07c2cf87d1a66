using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Evidence;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Tenants;
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
    private readonly RedecisionOptionSet _again = new();

    private readonly EvidenceOptionSet _evidence = new();

    private readonly Option<string?> _policy = new("--policy") { HelpName = "FILE", Description = "Who must have cosigned (C2SP tlog-policy). With --evidence." };

    private readonly Option<string?> _witness = new("--witness") { HelpName = "FOLDER", Description = "Record of a witness, as `audit witness` keeps it. With --evidence and --policy." };

    internal AuditVerifyCommand(CommandScope scope)
        : base(scope, "verify", "Read the whole audit log from storage and compute it again: every leaf, root, commit and counter.", new Lesson(
            [
                new Example("proofgate audit verify", "verifies the local run's log, also while the gateway runs"),
                new Example("proofgate audit verify --table-endpoint https://ledger.table.core.windows.net", "verifies a deployment's log with your own identity"),
                new Example("proofgate audit verify --json | jq .openDecisions", "the calls that were let through and have no outcome yet"),
                new Example("proofgate audit verify --evidence /mnt/usb/log --log-key \"$VKEY\"", "verifies a copy, or a tenant's export, offline: signatures, every leaf, tile and checkpoint"),
                new Example("proofgate audit verify --evidence https://gateway.example.com --log-key \"$VKEY\"", "the same of what a gateway serves, up to one checkpoint of each log"),
                new Example("proofgate audit verify --container https://ledger.blob.core.windows.net/audit-evidence --log-key \"$VKEY\"", "the same of the container itself, with your own identity"),
                new Example(
                    "proofgate audit verify --evidence log --log-key \"$VKEY\" --master AUDIT_MASTER --table-endpoint https://keys.table.core.windows.net --bundle ./bundle",
                    "and makes each decision again: with the account of the data keys, and a bundle of that time"),
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
            "Decisions are made again from what was recorded, each under the bundle that it names: with --master and --bundle or --bundle-store, and in the local\n"
            + "run by itself. People who were erased cannot be decided again, nor what was decided by a bundle that is not at hand: both are counted. What a source\n"
            + "returned is attested by the record alone.",
            "Without --evidence and --container it reads the table, which is the working copy; with one of them the signed files, for which nothing but\n"
            + "the log's public key is needed. Pin that key: have it from the operator by another way than the copy. To make decisions again people's data keys are\n"
            + "needed, which are in no copy: --keys-endpoint or --table-endpoint (--keys-storage, --storage) then name their account.",
            "The log may be written meanwhile: what is newer than the checkpoint that was read first is not looked at.",
            GatewayCommand.KeyNote,
            "It verifies what the log holds now and waits for nothing. " + VerificationReport.WithoutCheckpoint))
    {
        _again.AddTo(this);
        _evidence.AddTo(this);
        Add(_policy);
        Add(_witness);
        Validators.Add(result =>
        {
            var evidence = (result.GetValue(_evidence.Place) ?? result.GetValue(_evidence.Container)) is not null;
            if (!evidence && (result.GetValue(_evidence.Keys) is { Length: > 0 } || (result.GetValue(_policy) ?? result.GetValue(_witness)) is not null))
            {
                result.AddError("--log-key, --policy and --witness go with --evidence or --container");
            }
        });
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (_evidence.IsNamed(parsed))
        {
            return await EvidenceAsync(parsed, printer, cancellationToken);
        }

        if (!Ledger.TryOpen(Host, parsed, out var table, out var place, out var error))
        {
            return printer.Fail(error);
        }

        var report = VerificationDocument.Of(await new LedgerVerifier(table).VerifyAsync(Verification(printer), cancellationToken), place.Named);
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

    private LedgerOptionSet Ledger => _again.Decisions.Ledger;

    /// <summary>Where bundles and keys are given, or are those of the local run, every decision is made again.</summary>
    private async Task<(VerificationDocument Report, CliError? Error)> DecideAgainAsync(
        VerificationDocument report, ParseResult parsed, ILedgerTable table, LedgerPlace place, CancellationToken cancellationToken)
    {
        var isLocal = parsed.GetValue(Ledger.Storage) is null && parsed.GetValue(Ledger.Endpoint) is null;
        var (redecider, error) = _again.Open(parsed, Host, place, isLocal);
        if (redecider is null)
        {
            return (report, error);
        }

        try
        {
            await foreach (var read in LedgerEvents.ReadAllAsync(table, cancellationToken))
            {
                await redecider.SeeAsync(read, cancellationToken);
            }
        }
        catch (Exception unreachable) when (DecisionOpener.IsOutage(unreachable))
        {
            return (report, LedgerDecisions.Unreachable);
        }

        return (redecider.AddTo(report), null);
    }

    private VerificationOptions Verification(Printer printer) =>
        new() { Progress = Host.ErrorIsTerminal ? new VerifyProgress(printer, Host.Time) : null, Time = Host.Time };

    private async Task<int> EvidenceAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        // Of the local run is what its own key is to verify: then the rest of what is needed is there too.
        var (redecider, error) = _again.Open(parsed, Host, log: null, isLocal: parsed.GetValue(_evidence.Keys) is not { Length: > 0 });
        if (error is not null
            || !TryReadPolicy(parsed.GetValue(_policy), out var policy, out error) || !_evidence.TryOpen(parsed, Host, printer, out var source, out error, policy is null || parsed.GetValue(_witness) is not null ? null : policy.IsMetBy))
        {
            return printer.Fail(error);
        }

        using var opened = source;
        var options = new EvidenceOptions
        {
            Pinned = source.Keys,
            Policy = policy,
            Witnessed = parsed.GetValue(_witness) is { } record ? Cosigned(Path.Combine(Host.Folder, record)) : [],
            Observer = redecider,
            Verification = Verification(printer),
        };
        try
        {
            return source.Store is FileEvidenceStore folder && await new TenantVerifier(folder).IsExportAsync(cancellationToken)
                ? await TenantAsync(folder, source, options, redecider, printer, cancellationToken)
                : await WholeAsync(source, options, redecider, printer, cancellationToken);
        }
        catch (Exception unreachable) when (redecider is not null && DecisionOpener.IsOutage(unreachable))
        {
            return printer.Fail(CliError.Unreachable(
                "keys_unreachable", "the table of data keys or the container of bundles, which making decisions again needs, could not be read: check their addresses, and that you may read them."));
        }
    }

    private static async Task<int> WholeAsync(EvidenceSource source, EvidenceOptions options, Redecider? redecider, Printer printer, CancellationToken cancellationToken)
    {
        var document = EvidenceDocument.Of(await new EvidenceVerifier(source.Store).VerifyAsync(options, cancellationToken), source);
        document = document with { Verification = redecider?.AddTo(document.Verification) ?? document.Verification };
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

        if (document.Verification.ExitCode == (int)VerificationCode.Unwitnessed && source.Fetch is not null)
        {
            printer.Remark(
                "proofgate: this gateway shows no cosignatures that meet the policy beside its newest checkpoints. Ask again in a minute; if its witnesses publish elsewhere, pass their record with --witness.");
        }

        return document.Verification.ExitCode;
    }

    private static async Task<int> TenantAsync(
        FileEvidenceStore folder, EvidenceSource source, EvidenceOptions options, Redecider? redecider, Printer printer, CancellationToken cancellationToken)
    {
        var document = TenantDocument.Of(await new TenantVerifier(folder).VerifyAsync(options, cancellationToken), source);
        document = document with { Verification = redecider?.AddTo(document.Verification) ?? document.Verification };
        if (printer.Json)
        {
            printer.Document(document, CliJson.Default.TenantDocument);
        }
        else
        {
            VerificationText.Write(document.Verification, printer);
            printer.Line($"{document.Proved} events of {document.Tenant} lead to signed checkpoints; {document.Witnessed} checkpoints that witnesses saw.");
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
