using System.CommandLine;
using Proofgate.Audit;
using Proofgate.Audit.Evidence;
using Proofgate.Audit.Tenants;
using Proofgate.Cli.Evidence;
using Proofgate.Cli.Help;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate audit export</c>: a copy of the evidence that can be verified anywhere, or one tenant's part of it.</summary>
internal sealed class AuditExportCommand : CliCommand
{
    private readonly EvidenceOptionSet _evidence = new();

    private readonly Option<string> _out = new("--out") { HelpName = "FOLDER", Required = true, Description = "Where the copy goes. A copy that is there already is brought up to date; nothing in it is overwritten. For a tenant's export: a new folder." };

    private readonly Option<string?> _tenant = new("--tenant") { HelpName = "NAME", Description = "Only this tenant's events, each with its proof, and nothing of others." };

    internal AuditExportCommand(CommandScope scope)
        : base(scope, "export", "Copy bundles, tiles, checkpoints and the super-log to a folder, or one tenant's events with their proofs.", new Lesson(
            [
                new Example("proofgate audit export --out /mnt/usb/log", "copies the local run's evidence"),
                new Example("proofgate audit export --out log --container https://ledger.blob.core.windows.net/audit-evidence --log-key \"$VKEY\"", "copies a deployment's, with your own identity"),
                new Example("proofgate audit export --out log --evidence https://gateway.example.com --log-key \"$VKEY\"", "copies what a gateway serves, with a key that may manage the log"),
                new Example("proofgate audit export --out ours --tenant acme --evidence https://gateway.example.com --log-key \"$VKEY\"", "a tenant's own events with their proofs"),
                new Example("proofgate audit verify --evidence /mnt/usb/log --log-key \"$VKEY\"", "verifies the copy, on any machine"),
            ],
            [ExitCode.Done, ExitCode.Usage, new ExitCode(3, "the evidence could not be read, or the folder not written"), new ExitCode(10, "the copy that is there has other bytes, or the evidence does not hold"), ExitCode.Interrupted],
            "Give the log's key to whoever verifies by another way than with the copy.",
            "A gateway serves the newest checkpoint of each log; a folder and a container have all. Each of a gateway's bundles that is read is a recorded act of yours.",
            TenantReport.Incomplete,
            GatewayCommand.KeyNote))
    {
        Add(_out);
        Add(_tenant);
        _evidence.AddTo(this);
        Validators.Add(result =>
        {
            if (result.GetValue(_tenant) is { Length: 0 or > 200 })
            {
                result.AddError("--tenant is a name of 1 to 200 characters");
            }
        });
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (!_evidence.TryOpen(parsed, Host, printer, out var source, out var error))
        {
            return printer.Fail(error);
        }

        using var opened = source;
        var folder = Path.Combine(Host.Folder, parsed.GetRequiredValue(_out));
        try
        {
            var document = parsed.GetValue(_tenant) is { } tenant
                ? await OfTenantAsync(source, tenant, folder, cancellationToken)
                : await CopyAsync(source, folder, cancellationToken);
            if (document is null)
            {
                return printer.Fail(CliError.Usage("export_exists", $"{folder} is not empty: a tenant's export takes a folder of its own."));
            }

            Tell(document, printer);
            return ExitCode.Done.Value;
        }
        catch (EvidenceUnavailableException e)
        {
            return printer.Fail(CliError.Unreachable("evidence_unreadable", e.Message));
        }
        catch (EvidenceDamagedException e)
        {
            return printer.Fail(new CliError(new ExitCode(10, string.Empty), "bytes_changed", e.Message));
        }
    }

    private static async Task<ExportDocument> CopyAsync(EvidenceSource source, string folder, CancellationToken cancellationToken)
    {
        var copy = new EvidenceCopy(source.Store, new FileEvidenceStore(folder));
        await copy.RunAsync(source.Origin, cancellationToken);
        return new ExportDocument(folder, source.Key.ToString(), copy.Files, copy.Copied);
    }

    /// <summary>Null where the folder holds something.</summary>
    private static async Task<ExportDocument?> OfTenantAsync(EvidenceSource source, string tenant, string folder, CancellationToken cancellationToken)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            return null;
        }

        var export = new TenantExport(source, tenant, new FileEvidenceStore(folder));
        await export.RunAsync(cancellationToken);
        return new ExportDocument(folder, source.Key.ToString(), export.Events, export.Events, tenant);
    }

    private static void Tell(ExportDocument document, Printer printer)
    {
        if (printer.Json)
        {
            printer.Document(document, CliJson.Default.ExportDocument);
            return;
        }

        printer.Line(document.Tenant is { } tenant
            ? $"{document.Files} events of {tenant} are in {document.Folder}, each with its proof."
            : $"{document.Files} files of the evidence are in {document.Folder}, {document.Copied} of them new.");
        printer.Line($"The log's key: {document.LogKey}");
    }
}
