using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using Proofgate.Cli.Gateway.Chat;
using Proofgate.Cli.Gateway.Wire;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate chat</c>: one question to a model, the answer as it comes.</summary>
internal sealed class ChatCommand : GatewayCommand
{
    /// <summary>The gateway takes 1 MiB of text; a character more is enough to let it say so.</summary>
    private const int MaxInput = (1 << 20) + 1;

    private readonly Argument<string?> _text = new("text")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "The question. Unless given, it is read from standard input.",
    };

    private readonly Option<string> _model = new("--model")
    {
        HelpName = "MODEL",
        DefaultValueFactory = _ => "assistant",
        Description = "Model to ask, by its name in the policy bundle.",
    };

    private readonly Option<string?> _system = new("--system") { HelpName = "TEXT", Description = "Instructions that go before the question." };

    private readonly Option<string?> _label = new("--label")
    {
        HelpName = "LABEL",
        Description = "Declare the label of what you send. It can only raise what the gateway finds.",
        Validators = { IsHeader },
    };

    private readonly Option<string?> _purpose = new("--purpose")
    {
        HelpName = "TEXT",
        Description = "Declare what the call is for.",
        Validators = { IsHeader },
    };

    private readonly Option<bool> _whole = new("--no-stream") { Description = "Wait for the whole answer instead of printing it as it arrives." };

    internal ChatCommand(CommandScope scope)
        : base(scope, "chat", "Ask a model through the gateway. The answer is printed as it arrives; what the policy masks is masked here too.", new Lesson(
            [
                new Example("proofgate chat --model assistant \"What is a Merkle tree?\"", "streams an answer"),
                new Example("proofgate chat --model assistant --label confidential < report.txt", "sends a file and declares its label"),
                new Example("proofgate chat --key-file bound-key --dpop key.pem \"Say hello.\"", "uses a key that is bound to a key pair"),
                new Example("proofgate chat --json \"Say hello.\" | jq -r .auditId", "the name of the call in the audit log"),
            ],
            ExitCode.OfGateway,
            "The answer goes to stdout; audit id, label and tokens go to stderr when it is whole. With --json one document is printed\n"
            + "when the answer is whole. An answer that breaks off ends with code 5, whatever was printed before.",
            KeyNote), KeyFile.SampleName)
    {
        Add(_text);
        Add(_model);
        Add(_system);
        Add(_label);
        Add(_purpose);
        Add(_whole);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (!TryConnect(parsed, printer, out var client, out var error))
        {
            return printer.Fail(error);
        }

        using var connected = client;
        var text = parsed.GetValue(_text) ?? await ReadInputAsync(printer, cancellationToken);
        if (string.IsNullOrWhiteSpace(text))
        {
            return printer.Fail(CliError.Usage("no_question", "there is no question: give it in quotes, or on standard input."));
        }

        var messages = new List<ChatMessage>(2);
        if (parsed.GetValue(_system) is { } system)
        {
            messages.Add(new ChatMessage("system", system));
        }

        messages.Add(new ChatMessage("user", text));
        var body = new ChatRequest(parsed.GetRequiredValue(_model), messages, Stream: !parsed.GetValue(_whole));
        var answer = new ChatPrinter(printer, body.Model);
        await foreach (var happened in client.ChatAsync(new ChatQuestion(body, parsed.GetValue(_label), parsed.GetValue(_purpose)), cancellationToken))
        {
            if (answer.Show(happened) is { } exit)
            {
                return exit;
            }
        }

        throw new InvalidOperationException("A chat ends with an event that says how.");
    }

    private async Task<string> ReadInputAsync(Printer printer, CancellationToken cancellationToken)
    {
        if (Host.InIsTerminal)
        {
            printer.Remark("Type the question, then Ctrl-D on a line of its own.");
        }

        // A terminal's reads block and know no cancellation: they are left behind when Ctrl-C is pressed.
        var text = new StringBuilder();
        var buffer = new char[8192];
        while (text.Length < MaxInput
            && await Task.Run(() => Host.In.ReadAsync(buffer, cancellationToken).AsTask(), cancellationToken).WaitAsync(cancellationToken) is > 0 and var read)
        {
            text.Append(buffer, 0, Math.Min(read, MaxInput - text.Length));
        }

        return text.ToString();
    }

    private static void IsHeader(OptionResult result)
    {
        if (result.Tokens is [{ Value: var value }] && (value.Length is 0 or > 128 || value.Any(static c => c is < ' ' or > '~')))
        {
            result.AddError($"{result.Option.Name} takes 1 to 128 printable ASCII characters");
        }
    }
}
