using System.CommandLine;
using Proofgate.Cli.Help;
using Proofgate.Cli.Output;
using Proofgate.Cli.Policies;
using Proofgate.Policy.Testing;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate policy test</c>: runs the tests beside the policies.</summary>
internal sealed class PolicyTestCommand : PolicyCommand
{
    private readonly Option<bool> _coverage = new("--coverage") { Description = "Also name the policies and conditions that no test reaches." };

    internal PolicyTestCommand(CommandScope scope)
        : base(scope, "test", "Run the tests of a policy bundle (tests/*.test.json), with the code that decides for the gateway.", new Lesson(
            [
                new Example("proofgate policy test", "runs the tests of this folder's bundle, or the sample's"),
                new Example("proofgate policy test ./policy --coverage", "and names what no test reaches"),
            ],
            [new ExitCode(0, "all passed"), ExitCode.Usage, ExitCode.Unreachable, ExitCode.Unsound, ExitCode.TestsFailed, ExitCode.Interrupted],
            "Every combination of a file's principals, actions, resources and contexts is decided; one that no case names must be denied.\n"
            + "infra/policy/README.md describes the files."))
    {
        Add(_coverage);
    }

    protected override Task<int> RunAsync(ParseResult parsed, BundleOutcome.Loaded bundle, Printer printer, CancellationToken cancellationToken)
    {
        var report = BundleTests.Run(bundle.Bundle, bundle.Files);
        var document = PolicyTestDocument.Of(bundle, report, parsed.GetValue(_coverage));
        if (printer.Json)
        {
            printer.Document(document, CliJson.Default.PolicyTestDocument);
        }
        else
        {
            PolicyReportText.Write(document, printer);
        }

        return Task.FromResult((report.Problems.Count > 0 ? ExitCode.Unsound : report.Passed ? ExitCode.Done : ExitCode.TestsFailed).Value);
    }
}
