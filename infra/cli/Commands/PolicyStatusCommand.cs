using System.CommandLine;
using System.Diagnostics;
using Proofgate.Cli.Gateway;
using Proofgate.Cli.Gateway.Wire;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate policy status</c>.</summary>
internal sealed class PolicyStatusCommand : GatewayCommand
{
    internal PolicyStatusCommand(CommandScope scope)
        : base(scope, "status", "Show which policy bundle is active, who wrote and activated it, and why a newer one was not taken.", new Lesson(
            [
                new Example("proofgate policy status", "a few lines"),
                new Example("proofgate policy status --json | jq -r .digest", "the digest of the active bundle"),
            ],
            ExitCode.OfGateway,
            KeyNote), KeyFile.AdministratorName)
    {
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (!TryConnect(parsed, printer, out var client, out var error))
        {
            return printer.Fail(error);
        }

        using var connected = client;
        switch (await client.ShowPolicyAsync(cancellationToken))
        {
            case GatewayReply.PolicyShown { Status: var status }:
                Show(printer, status);
                return ExitCode.Done.Value;
            case GatewayReply.Failed failed:
                return printer.Fail(failed.Error);
            default:
                throw new UnreachableException();
        }
    }

    private static void Show(Printer printer, PolicyStatus status)
    {
        if (printer.Json)
        {
            printer.Document(status, CliJson.Default.PolicyStatus);
            return;
        }

        printer.Line($"active     {status.Digest ?? "none: only administration is permitted"}");
        if (status.Activation is { } activation)
        {
            printer.Line($"sequence   {activation.Sequence}, {activation.Act} {activation.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC by {activation.By}");
            printer.Line($"author     {activation.Author}");
            printer.Line($"before     {activation.Previous ?? "none"}");
        }

        if (status.Source == "folder")
        {
            printer.Line("source     a folder: who changes its files changes the policy");
        }

        if (status.Serving is { } serving)
        {
            printer.Line($"here       {(serving == status.Digest ? "decides by it" : $"still decides by {serving}")} since {status.Since?.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
        }

        if (status.Rejected is { } rejected)
        {
            printer.Line($"not taken  {rejected.Digest ?? "a newer one"}");
            foreach (var problem in rejected.Problems)
            {
                printer.Line($"           {problem}");
            }
        }
    }
}
