using System.CommandLine;
using Proofgate.AzureStores;
using Proofgate.Cli.Doctor;
using Proofgate.Cli.Gateway;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;
using Proofgate.Client;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate doctor</c>: looks at a deployment or a configuration, and says what to mend.</summary>
internal sealed class DoctorCommand : CliCommand
{
    private readonly Option<string?> _gateway = GatewayCommand.NewGatewayOption();

    private readonly Option<string?> _manage = new("--manage") { HelpName = "URL", Description = "Address of /manage, where it is not the gateway's: in a deployment it is another app's." };

    private readonly Option<string?> _settings = new("--settings")
    {
        HelpName = "FILE",
        Description = "Settings to check too, with what they name: local.settings.json, or what `az functionapp config appsettings list` prints.",
    };

    private readonly Option<string?> _keyFile = new("--key-file")
    {
        HelpName = "FILE",
        Description = $"File that holds the key whose permissions are asked. Else {Connector.KeyVariable}, else {StateFile.FolderName}/{KeyFile.AdministratorName}.",
    };

    private readonly Option<string?> _dpop = new("--dpop") { HelpName = "FILE", Description = "PEM file of the key pair that the key is bound to." };

    internal DoctorCommand(CommandScope scope)
        : base(scope, "doctor", "Look at a gateway and its configuration, and say what to mend.", new Lesson(
            [
                new Example("proofgate doctor", "looks at the local run"),
                new Example("proofgate doctor --gateway https://gateway.example.com --manage https://manage.example.com --key-file admin-key", "looks at a deployment"),
                new Example("proofgate doctor --settings local.settings.json", "looks at settings, and at hub, tables, vault, issuers and upstreams that they name"),
            ],
            [ExitCode.Done, ExitCode.Usage, ExitCode.Unreachable, ExitCode.Unwell, ExitCode.Interrupted],
            "It reads and changes nothing. Tables, containers and the names of secrets are read with your own sign-in, not with the apps' identities; values are not shown.",
            GatewayCommand.KeyNote))
    {
        Add(_gateway);
        Add(_manage);
        Add(_settings);
        Add(_keyFile);
        Add(_dpop);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        var connector = new Connector(Host, printer.Remark);
        SettingsExamination? settings = null;
        if (parsed.GetValue(_settings) is { } file)
        {
            if (!SettingsFile.TryRead(Path.Combine(Host.Folder, file), out var read, out var unreadable))
            {
                return printer.Fail(unreadable);
            }

            settings = new SettingsExamination(read, Host.Time);
        }

        var located = connector.TryLocate(parsed.GetValue(_gateway), out var target, out var error);
        // Settings alone are something to look at; a gateway that was named wrongly is not passed over.
        if (!located && (settings is null || parsed.GetValue(_gateway) is not null))
        {
            return printer.Fail(error!);
        }

        var findings = new List<Finding>();
        if (target is not null)
        {
            if (!TryPresent(connector, parsed, target, printer, out var manage, out var key, out error))
            {
                return printer.Fail(error!);
            }

            await ShowAsync(new GatewayExamination(target, manage!, key, Host.Time).LookAsync(cancellationToken), findings, printer);
            if (target.StateFile is not null && StateFile.Find(Host) is StateSearch.Found { State.Storage.ConnectionString: { } storage })
            {
                foreach (var finding in await StorageFindings.LookAsync(new StorageOptions { ConnectionString = storage }, policyStore: null, keepsEvidence: false, Host.Time, cancellationToken))
                {
                    Show(finding, findings, printer);
                }
            }
        }

        if (settings is not null)
        {
            await ShowAsync(settings.LookAsync(cancellationToken), findings, printer);
        }

        return Conclude(findings, printer);
    }

    private bool TryPresent(
        Connector connector, ParseResult parsed, GatewayTarget target, Printer printer, out GatewayTarget? manage, out Connection? key, out CliError? error)
    {
        (manage, key, error) = (target, null, null);
        if (parsed.GetValue(_manage) is { } address && !new Connector(Host, printer.Remark, "--manage").TryLocate(address, out manage, out error))
        {
            return false;
        }

        // A key of the local run goes to no other gateway, by this option neither.
        var fallback = target.KeysFolder is { } folder && manage!.KeysFolder == folder ? Path.Combine(folder, KeyFile.AdministratorName) : null;
        if (!connector.TryFindKey(parsed.GetValue(_keyFile), Connector.KeyVariable, fallback, out var credential, out var missing))
        {
            // Without a key there is enough to look at; a key that was named must be there.
            error = parsed.GetValue(_keyFile) is null && missing.Code == "key_missing" ? null : missing;
            return error is null;
        }

        DpopKeyPair? pair = null;
        if (parsed.GetValue(_dpop) is { } file && !KeyPairFile.TryLoad(Path.Combine(Host.Folder, file), printer.Remark, out pair, out error))
        {
            return false;
        }

        key = new Connection(target, credential, pair);
        return true;
    }

    private static async Task ShowAsync(IAsyncEnumerable<Finding> found, List<Finding> findings, Printer printer)
    {
        await foreach (var finding in found)
        {
            Show(finding, findings, printer);
        }
    }

    private static void Show(Finding finding, List<Finding> findings, Printer printer)
    {
        findings.Add(finding);
        if (printer.Json)
        {
            return;
        }

        var mark = finding.State switch { CheckState.Ok => "ok     ", CheckState.Warning => "warning", CheckState.Failed => "FAILED ", _ => "skipped" };
        printer.Line($"{mark}  {finding.Check}: {finding.Detail}");
        if (finding.Fix is { } fix)
        {
            printer.Line($"         -> {fix}");
        }
    }

    private static int Conclude(List<Finding> findings, Printer printer)
    {
        var (failed, warnings) = (findings.Count(static f => f.State == CheckState.Failed), findings.Count(static f => f.State == CheckState.Warning));
        if (printer.Json)
        {
            printer.Document(DoctorDocument.Of(findings), CliJson.Default.DoctorDocument);
        }
        else
        {
            printer.Line(failed == 0 ? $"Nothing is broken ({findings.Count} checks, {warnings} warnings)." : $"{failed} of {findings.Count} checks failed.");
        }

        return (failed == 0 ? ExitCode.Done : ExitCode.Unwell).Value;
    }
}
