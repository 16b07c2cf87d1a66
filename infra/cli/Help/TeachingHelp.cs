using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Proofgate.Cli.Help;

/// <summary>The usual help, then what the command's lesson adds.</summary>
internal sealed class TeachingHelp : SynchronousCommandLineAction
{
    private readonly HelpAction _usual = new();

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        _usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is ITeaches { Lesson: var lesson })
        {
            Write(parseResult.InvocationConfiguration.Output, lesson);
        }

        return ExitCode.Done.Value;
    }

    private static void Write(TextWriter output, Lesson lesson)
    {
        foreach (var note in lesson.Notes)
        {
            output.WriteLine(note);
            output.WriteLine();
        }

        output.WriteLine("Examples:");
        foreach (var example in lesson.Examples)
        {
            output.WriteLine($"  {example.CommandLine}");
            output.WriteLine($"      {example.Does}");
        }

        output.WriteLine();
        output.WriteLine("Exit codes:");
        foreach (var code in lesson.Codes)
        {
            output.WriteLine($"  {code.Value,3}  {code.Meaning}");
        }

        output.WriteLine();
    }
}
