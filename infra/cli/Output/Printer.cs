using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Proofgate.Cli.Output;

/// <summary>Where a command writes: text for people, or with <c>--json</c> one JSON document; errors and remarks on stderr.</summary>
internal sealed class Printer(CliHost host, bool json)
{
    // Wide enough that a table in a pipe is never folded: grep and awk see one line a row.
    private const int PipeWidth = 4096;

    private readonly bool _colours = host.OutIsTerminal && string.IsNullOrEmpty(host.Variable("NO_COLOR")) && host.Variable("TERM") != "dumb";

    internal bool Json => json;

    internal TimeProvider Time => host.Time;

    /// <summary>One line on stdout.</summary>
    internal void Line(string text) => host.Out.WriteLine(Printable.Line(text));

    /// <summary>A piece of running text on stdout, shown at once. A pipe gets it as it is.</summary>
    internal void Text(string text)
    {
        host.Out.Write(host.OutIsTerminal ? Printable.Text(text) : text);
        host.Out.Flush();
    }

    /// <summary>A remark on stderr, so that stdout stays what was asked for.</summary>
    internal void Remark(string text) => host.Error.WriteLine(Printable.Line(text));

    /// <summary>A key, shown once because that was asked for.</summary>
    internal void Reveal(Secret key) => host.Out.WriteLine(key.Reveal());

    /// <summary>A piece of a document that is printed as it comes.</summary>
    internal void Piece(string json) => host.Out.Write(json);

    internal void Document<T>(T document, JsonTypeInfo<T> type) => host.Out.WriteLine(JsonSerializer.Serialize(document, type));

    internal void Table(Table table)
    {
        table.Border = host.OutIsTerminal ? TableBorder.Simple : TableBorder.None;
        Console().Write(table);
    }

    /// <summary>Shows an error.</summary>
    /// <returns>The exit code that it stands for.</returns>
    internal int Fail(CliError error)
    {
        var audited = error.AuditId is { } id ? $" (audit id {id})" : string.Empty;
        Remark($"proofgate: {error.Message}{audited}");
        if (json)
        {
            Document(ErrorDocument.Of(error), CliJson.Default.ErrorDocument);
        }

        return error.Exit.Value;
    }

    private IAnsiConsole Console()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = _colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = _colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(host.Out),
        });
        if (!host.OutIsTerminal)
        {
            console.Profile.Width = PipeWidth;
        }

        return console;
    }
}
