using System.CommandLine;
using Proofgate.Cli.Help;
using Proofgate.Cli.Output;
using Proofgate.Cli.Policies;
using Proofgate.Policy.Testing;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate policy coverage</c>: what the tests beside the policies do not reach.</summary>
internal sealed class PolicyCoverageCommand(CommandScope scope) : PolicyCommand(
    scope, "coverage", "Name the policies, conditions and operands that no test of a bundle reaches.", new Lesson(
        [
            new Example("proofgate policy coverage", "lists what the tests of this folder's bundle, or the sample's, leave out"),
            new Example("proofgate policy coverage --json | jq .gapCount", "how much that is"),
        ],
        [ExitCode.Done, ExitCode.Usage, ExitCode.Unreachable, ExitCode.Unsound, ExitCode.Interrupted],
        "A condition is reached when it was true once and false once, and so is each operand of && and ||. Whether the tests pass makes no difference here."))
{
    protected override Task<int> RunAsync(ParseResult parsed, BundleOutcome.Loaded bundle, Printer printer, CancellationToken cancellationToken)
    {
        var report = BundleTests.Run(bundle.Bundle, bundle.Files);
        if (report.Problems.Count > 0)
        {
            return Task.FromResult(Unsound(new BundleOutcome.Unsound(bundle.Folder, [.. report.Problems.Select(static p => p.ToString())]), printer));
        }

        var document = PolicyCoverageDocument.Of(bundle, report);
        if (printer.Json)
        {
            printer.Document(document, CliJson.Default.PolicyCoverageDocument);
        }
        else
        {
            PolicyReportText.Write(document, printer);
        }

        return Task.FromResult(ExitCode.Done.Value);
    }
}
