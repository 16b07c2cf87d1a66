using System.CommandLine;
using Proofgate.Cli.Help;
using Proofgate.Cli.Output;
using Proofgate.Cli.Policies;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate policy diff</c>: what changes between two bundles.</summary>
internal sealed class PolicyDiffCommand : CliCommand
{
    private readonly Argument<string> _old = new("OLD") { Description = "Folder of the bundle before." };
    private readonly Argument<string> _new = new("NEW") { Description = "Folder of the bundle after." };

    internal PolicyDiffCommand(CommandScope scope)
        : base(scope, "diff", "Say what changes between two bundles: policies, by their ids, and decisions of their tests.", new Lesson(
            [new Example("proofgate policy diff ./running ./candidate", "what the candidate would change")],
            [new ExitCode(0, "no decision of the tests changes"), ExitCode.Usage, ExitCode.Unreachable, ExitCode.Unsound, ExitCode.Differs, ExitCode.Interrupted],
            "White space, comments and the order of policies make no difference. The combinations of both bundles' tests are decided by both.",
            "What tests do not reach can change too: `proofgate policy whatif` asks about calls that were made."))
    {
        Add(_old);
        Add(_new);
    }

    protected override Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        var folders = new BundleFolders(Host);
        var bundles = new List<BundleOutcome.Loaded>();
        foreach (var folder in new[] { parsed.GetValue(_old), parsed.GetValue(_new) })
        {
            switch (folders.Load(folder))
            {
                case BundleOutcome.Loaded loaded:
                    bundles.Add(loaded);
                    break;
                case BundleOutcome.Unsound unsound:
                    return Task.FromResult(PolicyProblems.Fail(unsound, printer));
                case BundleOutcome.Failed failed:
                    return Task.FromResult(printer.Fail(failed.Error));
            }
        }

        var document = PolicyDiffDocument.Of(bundles[0], bundles[1]);
        if (printer.Json)
        {
            printer.Document(document, CliJson.Default.PolicyDiffDocument);
        }
        else
        {
            PolicyChangeText.Write(document, printer);
        }

        return Task.FromResult((document.DecisionCount > 0 ? ExitCode.Differs : ExitCode.Done).Value);
    }
}
