using System.CommandLine;
using System.CommandLine.Help;
using Proofgate.Cli.Help;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary>The root: <c>proofgate</c>.</summary>
internal sealed class ProofgateCommand : RootCommand, ITeaches
{
    internal ProofgateCommand(CliHost host)
        : base("proofgate manages a Proofgate gateway: its keys, its policies, its audit log, and a model to talk to.")
    {
        Json = new Option<bool>("--json") { Recursive = true, Description = "Print one JSON document instead of text (infra/cli/README.md)." };
        Lesson = new Lesson(
            [
                new Example("proofgate chat \"What is a Merkle tree?\"", "asks the local run's model"),
                new Example("proofgate keys list", "shows who may call the gateway"),
                new Example("proofgate audit verify", "recomputes the whole audit log from storage"),
            ],
            [ExitCode.Done, ExitCode.Bug, ExitCode.Usage],
            "Inside the folder of the local run (dotnet run --project functions/SelfHost) no address and no key need be given.\n"
            + "Each command's help has examples and lists the exit codes that it has beside these.");
        var scope = new CommandScope(host, Json);
        Add(Json);
        Add(new ChatCommand(scope));
        Add(new CommandGroup(
            scope, "keys", "Create, list, bind, rotate and revoke API keys.",
            [new Example("proofgate keys list", "shows every key, and warns about some")],
            new KeysCreateCommand(scope), new KeysListCommand(scope), new KeysBindCommand(scope), new KeysRotateCommand(scope), new KeysRevokeCommand(scope),
            new KeysReportLeakCommand(scope)));
        Add(new CommandGroup(
            scope, "deny", "Refuse credentials that Proofgate did not issue, or all those of a person or client.",
            [new Example("proofgate deny add subject mallory", "refuses whatever a person presents")],
            new DenyAddCommand(scope), new DenyListCommand(scope), new DenyLiftCommand(scope)));
        Add(new CommandGroup(
            scope, "audit", "Verify the audit log, copy it, watch it, show why a call was decided as it was, fetch receipts, hold a promise against it, and erase what it knows of a person.",
            [new Example("proofgate audit verify", "recomputes the local run's log from storage")],
            new AuditVerifyCommand(scope), new AuditReceiptCommand(scope), new AuditExportCommand(scope), new AuditWitnessCommand(scope), new AuditLogKeyCommand(scope), new AuditTailCommand(scope),
            new AuditShowCommand(scope), new AuditPromiseCommand(scope), new AuditEraseCommand(scope)));
        Add(new CommandGroup(
            scope, "policy", "Check, test and explain policy bundles, see what a new one would change, sign it, activate it and roll back.",
            [
                new Example("proofgate policy test", "runs the tests of this folder's bundle, or the sample's"),
                new Example("proofgate policy status", "shows which bundle decides"),
            ],
            new PolicyCheckCommand(scope), new PolicyTestCommand(scope), new PolicyCoverageCommand(scope), new PolicyExplainCommand(scope), new PolicyDiffCommand(scope),
            new PolicyWhatIfCommand(scope), new PolicyFormatCommand(scope), new PolicyStatusCommand(scope), new PolicyKeygenCommand(scope), new PolicyPackCommand(scope), new PolicyActivateCommand(scope),
            new PolicyRollbackCommand(scope)));
        Add(new WatchCommand(scope));
        Add(new InitCommand(scope));
        Add(new DoctorCommand(scope));
        var help = new TeachingHelp();
        Options.OfType<HelpOption>().Single().Action = help;
        Options.OfType<VersionOption>().Single().Action = new VersionText();
        SetAction(parsed =>
        {
            if (parsed.GetValue(Json))
            {
                return new Printer(host, json: true).Fail(CliError.Usage("usage", "say what to do: `proofgate --help` lists the commands."));
            }

            // Nothing was asked for, so nothing was done: a script that lost its arguments must notice.
            help.Invoke(parsed);
            return ExitCode.Usage.Value;
        });
    }

    public Lesson Lesson { get; }

    internal Option<bool> Json { get; }
}
