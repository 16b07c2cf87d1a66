using System.CommandLine;
using System.Diagnostics;
using Proofgate.Cli.Gateway;
using Proofgate.Cli.Help;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate keys report-leak</c> (K7).</summary>
internal sealed class KeysReportLeakCommand : CliCommand
{
    private readonly Option<string?> _gateway = GatewayCommand.NewGatewayOption();

    internal KeysReportLeakCommand(CommandScope scope)
        : base(scope, "report-leak", "Report an API key that you have found. If it is genuine it is revoked; nobody is told whether it was.", new Lesson(
            [
                new Example("proofgate keys report-leak < found-key", "reports the key in a file"),
                new Example("proofgate keys report-leak --gateway https://manage.example.com < found-key", "reports it to a gateway that is not yours"),
            ],
            ExitCode.OfGateway,
            "The key is read from standard input, one line. No credential of yours is needed or sent."))
    {
        Add(_gateway);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (!new Connector(Host, printer.Remark).TryLocate(parsed.GetValue(_gateway), out var target, out var error))
        {
            return printer.Fail(error);
        }

        if (Host.InIsTerminal)
        {
            printer.Remark("Paste the key, then press Enter.");
        }

        // A terminal's reads block and know no cancellation: they are left behind when Ctrl-C is pressed.
        var line = await Task.Run(ReadLine, cancellationToken).WaitAsync(cancellationToken);
        if (Secret.Parse(line) is not { } found)
        {
            return printer.Fail(CliError.Usage("key_malformed", "there is no key on standard input: one line with the key and nothing else is needed."));
        }

        using var client = new GatewayClient(new Connection(target, null), Host.Time);
        switch (await client.ReportLeakAsync(found, cancellationToken))
        {
            case GatewayReply.LeakReported { Receipt: var receipt }:
                if (printer.Json)
                {
                    printer.Document(receipt, CliJson.Default.LeakReceipt);
                }
                else
                {
                    printer.Line("The report was received. If the key is genuine, it is revoked by now.");
                }

                return ExitCode.Done.Value;
            case GatewayReply.Failed failed:
                return printer.Fail(failed.Error);
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Bounded: what is longer is no key.</summary>
    private string ReadLine()
    {
        var text = new System.Text.StringBuilder();
        while (text.Length <= Secret.MaxLength && Host.In.Read() is >= 0 and not '\n' and var character)
        {
            text.Append((char)character);
        }

        return text.ToString();
    }
}
