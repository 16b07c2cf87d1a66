using System.CommandLine;
using System.CommandLine.Parsing;
using Proofgate.Cli.Commands;
using Proofgate.Cli.Output;

namespace Proofgate.Cli;

/// <summary>The <c>proofgate</c> command: parses, runs and turns every way to end into an exit code.</summary>
internal static class CommandLine
{
    // A text that begins with @ is a text: nothing is read from a file that was not named by an option.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>The parser's own message would repeat the argument.</summary>
    private static readonly CliError KeyInTheOpen = CliError.Usage(
        "key_on_command_line",
        "a key is not taken from the command line, where others can see it: use --key-file or PROOFGATE_KEY, and revoke this one if the machine is shared.");

    internal static async Task<int> RunAsync(IReadOnlyList<string> args, CliHost host, CancellationToken cancellationToken)
    {
        var root = new ProofgateCommand(host);
        var parsed = root.Parse(args, Parsing);
        var printer = new Printer(host, parsed.GetResult(root.Json) is { Implicit: false });
        if (parsed.Errors.Count > 0 && parsed.Action is not { ClearsParseErrors: true })
        {
            return printer.Fail(args.Any(static arg => arg.Contains("pgk_", StringComparison.Ordinal)) ? KeyInTheOpen : UsageError(parsed));
        }

        var invocation = new InvocationConfiguration { Output = host.Out, Error = host.Error, EnableDefaultExceptionHandler = false };
        try
        {
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (Exception bug)
        {
            // The type tells the maintainers where to look; a message could repeat what was in a file.
            return printer.Fail(new CliError(ExitCode.Bug, "bug", $"proofgate failed with {bug.GetType().Name}, which is a bug: please report it with the command that you ran."));
        }
    }

    private static CliError UsageError(ParseResult parsed)
    {
        // The parser lists what it accepts on lines of their own.
        var message = string.Join(' ', parsed.Errors[0].Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return CliError.Usage("usage", $"{message.TrimEnd('.')}: `{PathOf(parsed.CommandResult)} --help` shows how it is used.");
    }

    private static string PathOf(CommandResult? command) =>
        command?.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : "proofgate";
}
