using System.CommandLine;
using Proofgate.Cli.Help;
using Proofgate.Cli.Output;
using Proofgate.Cli.Policies;
using Proofgate.Policy.Testing;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate policy check</c>: reads a bundle as the gateway does and lists everything that is wrong.</summary>
internal sealed class PolicyCheckCommand(CommandScope scope) : PolicyCommand(
    scope, "check", "Read a policy bundle as the gateway does, and list everything that is wrong, with its place.", new Lesson(
        [
            new Example("proofgate policy check", "checks the bundle of this folder, or the sample"),
            new Example("proofgate policy check ./policy --json", "the same for a script"),
        ],
        [new ExitCode(0, "sound"), ExitCode.Usage, ExitCode.Unreachable, ExitCode.Unsound, ExitCode.Interrupted],
        "As the gateway does, it validates every policy against the schema and runs the bundle's tests; `proofgate policy test` shows them one by one."))
{
    protected override Task<int> RunAsync(ParseResult parsed, BundleOutcome.Loaded bundle, Printer printer, CancellationToken cancellationToken)
    {
        var report = BundleTests.Run(bundle.Bundle, bundle.Files);
        return Task.FromResult(Print(printer, new PolicyCheckDocument
        {
            Folder = bundle.Folder,
            Sound = report.Passed,
            Name = bundle.Bundle.Name,
            Digest = bundle.Bundle.Digest,
            Policies = bundle.Bundle.All.Policies.Count,
            TestFiles = bundle.Files.Keys.Count(BundleTests.IsTest),
            Problems = report.Faults,
        }));
    }

    protected override int Unsound(BundleOutcome.Unsound bundle, Printer printer) =>
        Print(printer, new PolicyCheckDocument { Folder = bundle.Folder, Sound = false, Problems = bundle.Problems });

    private static int Print(Printer printer, PolicyCheckDocument document)
    {
        if (printer.Json)
        {
            printer.Document(document, CliJson.Default.PolicyCheckDocument);
        }
        else if (document.Sound)
        {
            printer.Line($"{document.Folder}: sound. {document.Policies} policies, {document.TestFiles} files of tests, digest {document.Digest}.");
        }
        else
        {
            foreach (var problem in document.Problems)
            {
                printer.Line(problem);
            }

            printer.Line($"{document.Folder}: {document.Problems.Count} problems.");
        }

        return (document.Sound ? ExitCode.Done : ExitCode.Unsound).Value;
    }
}
