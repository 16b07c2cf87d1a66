using System.CommandLine;
using Proofgate.Cli.Gateway.Watch;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate watch</c>: decisions and refusals as they happen.</summary>
internal sealed class WatchCommand : GatewayCommand
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly Option<string?> _for = new("--for")
    {
        HelpName = "TIME",
        Description = $"End after this time: {Duration.Form}. Unless given, Ctrl-C ends it.",
        Validators = { Duration.Check },
    };

    internal WatchCommand(CommandScope scope)
        : base(scope, "watch", "Show decisions and refusals of your tenant as they happen. No prompts, no answers, no persons.", new Lesson(
            [
                new Example("proofgate watch", "a line for each decision, until Ctrl-C"),
                new Example("proofgate watch --json | jq -c 'select(.allowed == false)'", "refusals only, one JSON document a line"),
            ],
            ExitCode.OfGateway,
            "A connection that breaks is made again; what happened in between is in the audit log and is not shown. With --json each\n"
            + "line is a document of its own.",
            KeyNote), KeyFile.AdministratorName)
    {
        Add(_for);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (!TryConnect(parsed, printer, out var client, out var error))
        {
            return printer.Fail(error);
        }

        using var connected = client;
        var lines = new WatchPrinter(printer);
        var started = Host.Time.GetTimestamp();
        var limit = Duration.Of(parsed.GetValue(_for));
        var (everConnected, pause) = (false, TimeSpan.FromSeconds(1));
        while (limit is not { } most || Host.Time.GetElapsedTime(started) < most)
        {
            await foreach (var step in client.WatchAsync(limit - Host.Time.GetElapsedTime(started), cancellationToken))
            {
                switch (step)
                {
                    case WatchStep.Connected:
                        printer.Remark(everConnected ? "Watching again." : "Watching; Ctrl-C ends it.");
                        (everConnected, pause) = (true, TimeSpan.FromSeconds(1));
                        break;
                    case WatchStep.Seen { Event: { Event: "end", Reason: "elapsed" } }:
                        return ExitCode.Done.Value;
                    case WatchStep.Seen { Event: { Event: "end" } end }:
                        printer.Remark($"The gateway ended the stream ({end.Reason}).");
                        break;
                    case WatchStep.Seen { Event: var seen }:
                        lines.Show(seen);
                        break;
                    case WatchStep.Refused refused:
                        return printer.Fail(refused.Error);
                    case WatchStep.Lost lost when !everConnected:
                        return printer.Fail(lost.Error);
                    case WatchStep.Lost lost:
                        printer.Remark($"{lost.Error.Message} Trying again in {pause.TotalSeconds:0} s.");
                        break;
                }
            }

            await Task.Delay(pause, Host.Time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        return ExitCode.Done.Value;
    }
}
