using System.CommandLine;
using Proofgate.Cli.Help;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary>A command that does something.</summary>
internal abstract class CliCommand : Command, ITeaches
{
    private static readonly CliError Interrupted = new(ExitCode.Interrupted, "interrupted", "stopped.");

    protected CliCommand(CommandScope scope, string name, string description, Lesson lesson)
        : base(name, description)
    {
        Host = scope.Host;
        Lesson = lesson;
        SetAction(async (parsed, cancellationToken) =>
        {
            var printer = new Printer(scope.Host, parsed.GetValue(scope.Json));
            try
            {
                return await RunAsync(parsed, printer, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return printer.Fail(Interrupted);
            }
        });
    }

    public Lesson Lesson { get; }

    protected CliHost Host { get; }

    protected abstract Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken);
}
