using System.CommandLine;
using Proofgate.Cli.Help;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary>A word before a command, such as <c>keys</c>. Alone it does nothing, and a script that ends there is told so.</summary>
internal sealed class CommandGroup : Command, ITeaches
{
    internal CommandGroup(CommandScope scope, string name, string description, IReadOnlyList<Example> examples, params IReadOnlyList<Command> commands)
        : base(name, description)
    {
        Lesson = new Lesson(examples, [ExitCode.Done, ExitCode.Usage], "Each command's own help lists the exit codes that it has beside these.");
        foreach (var command in commands)
        {
            Add(command);
        }

        SetAction(parsed => new Printer(scope.Host, parsed.GetValue(scope.Json)).Fail(CliError.Usage(
            "usage", $"`proofgate {name}` needs one of: {string.Join(", ", commands.Select(static c => c.Name))}. `proofgate {name} --help` explains them.")));
    }

    public Lesson Lesson { get; }
}
