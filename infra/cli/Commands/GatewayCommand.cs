using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;
using Proofgate.Cli.Gateway;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;
using Proofgate.Client;

namespace Proofgate.Cli.Commands;

/// <summary>A command that speaks to a gateway with a key.</summary>
internal abstract class GatewayCommand : CliCommand
{
    internal const string KeyNote =
        "A key is taken from a file or the environment and never from the command line, where other users of the machine and the\n"
        + "shell's history would see it.";

    private readonly string _localKey;

    /// <param name="scope">The process around the command.</param>
    /// <param name="name">Its word.</param>
    /// <param name="description">What it does.</param>
    /// <param name="lesson">The rest of its help.</param>
    /// <param name="localKey">Name of the key file in <c>.proofgate</c> that serves where no key is given.</param>
    protected GatewayCommand(CommandScope scope, string name, string description, Lesson lesson, string localKey)
        : base(scope, name, description, lesson)
    {
        _localKey = localKey;
        KeyFileOption = new Option<string?>("--key-file")
        {
            HelpName = "FILE",
            Description = $"File that holds the key to present. Else {Connector.KeyVariable}, else {StateFile.FolderName}/{localKey}.",
        };
        Add(GatewayOption);
        Add(KeyFileOption);
        Add(DpopOption);
    }

    private Option<string?> GatewayOption { get; } = NewGatewayOption();

    private Option<string?> KeyFileOption { get; }

    private Option<string?> DpopOption { get; } = new("--dpop")
    {
        HelpName = "FILE",
        Description = "PEM file of the key pair that the presented key is bound to: each request then carries a proof of possession.",
    };

    internal static Option<string?> NewGatewayOption() => new("--gateway")
    {
        HelpName = "URL",
        Description = $"Address of the gateway. Else {Connector.AddressVariable}, else {StateFile.FolderName}/{StateFile.Name} of this folder or one above it.",
    };

    /// <summary>The answer of a command that changed one thing: the record, or a sentence.</summary>
    protected static int Tell<T>(Printer printer, T record, JsonTypeInfo<T> type, string sentence)
    {
        if (printer.Json)
        {
            printer.Document(record, type);
        }
        else
        {
            printer.Line(sentence);
        }

        return ExitCode.Done.Value;
    }

    protected bool TryConnect(
        ParseResult parsed, Printer printer, [NotNullWhen(true)] out GatewayClient? client, [NotNullWhen(false)] out CliError? error)
    {
        client = null;
        var connector = new Connector(Host, printer.Remark);
        if (!connector.TryLocate(parsed.GetValue(GatewayOption), out var target, out error)
            || !connector.TryFindKey(
                parsed.GetValue(KeyFileOption), Connector.KeyVariable,
                target.KeysFolder is { } folder ? Path.Combine(folder, _localKey) : null, out var key, out error))
        {
            return false;
        }

        DpopKeyPair? pair = null;
        if (parsed.GetValue(DpopOption) is { } file && !KeyPairFile.TryLoad(Path.Combine(Host.Folder, file), printer.Remark, out pair, out error))
        {
            return false;
        }

        client = new GatewayClient(new Connection(target, key, pair), Host.Time);
        return true;
    }
}
