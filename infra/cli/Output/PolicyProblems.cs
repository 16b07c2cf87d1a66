using Proofgate.Cli.Policies;

namespace Proofgate.Cli.Output;

/// <summary>Tells why a bundle cannot be used.</summary>
internal static class PolicyProblems
{
    internal static int Fail(BundleOutcome.Unsound bundle, Printer printer)
    {
        foreach (var problem in bundle.Problems)
        {
            printer.Remark($"  {problem}");
        }

        return printer.Fail(new CliError(
            ExitCode.Unsound, "bundle_unsound", $"the bundle in '{bundle.Folder}' cannot be used ({bundle.Problems.Count} problems): `proofgate policy check` lists them."));
    }
}
