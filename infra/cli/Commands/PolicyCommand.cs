using System.CommandLine;
using Proofgate.Cli.Help;
using Proofgate.Cli.Output;
using Proofgate.Cli.Policies;

namespace Proofgate.Cli.Commands;

/// <summary>A command about a policy bundle in a folder. It needs no gateway.</summary>
internal abstract class PolicyCommand : CliCommand
{
    private readonly Argument<string?> _folder;

    protected PolicyCommand(CommandScope scope, string name, string description, Lesson lesson)
        : base(scope, name, description, lesson)
    {
        _folder = new Argument<string?>("FOLDER")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The bundle's folder. Else this folder, if it is one; else infra/policy/sample of the repository around it.",
        };
        Add(_folder);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        switch (new BundleFolders(Host).Load(parsed.GetValue(_folder)))
        {
            case BundleOutcome.Loaded loaded:
                return await RunAsync(parsed, loaded, printer, cancellationToken);
            case BundleOutcome.Unsound unsound:
                return Unsound(unsound, printer);
            case BundleOutcome.Failed failed:
                return printer.Fail(failed.Error);
            default:
                throw new InvalidOperationException("Loading has three ends.");
        }
    }

    protected abstract Task<int> RunAsync(ParseResult parsed, BundleOutcome.Loaded bundle, Printer printer, CancellationToken cancellationToken);

    /// <summary>A bundle that cannot be used is an error, but for the command that looks for one.</summary>
    protected virtual int Unsound(BundleOutcome.Unsound bundle, Printer printer) => PolicyProblems.Fail(bundle, printer);
}
