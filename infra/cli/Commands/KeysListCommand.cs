using System.CommandLine;
using System.Diagnostics;
using Proofgate.Cli.Gateway;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate keys list</c> (K8).</summary>
internal sealed class KeysListCommand : GatewayCommand
{
    internal KeysListCommand(CommandScope scope)
        : base(scope, "list", "List the API keys of your tenant, and warn about those that should not stay as they are.", new Lesson(
            [
                new Example("proofgate keys list", "a table, and warnings below it"),
                new Example("proofgate keys list --json | jq -r '.warnings[].kid'", "the ids of the keys that need attention"),
            ],
            ExitCode.OfGateway,
            $"Warned about: active keys that were not used for {KeyReview.UnusedAfter.Days} days, that expire within {KeyReview.ExpirySoon.Days} days and have no successor, that\n"
            + "never expire, and administrators' keys without any limit. Warnings do not change the exit code.",
            "It reads and prints page by page: more than 500 keys are several tables, each by age, and still one document with --json.",
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
        var list = new KeyListPrinter(printer, Host.Time.GetUtcNow());
        for (string? after = null; ;)
        {
            switch (await client.ListKeysAsync(after, cancellationToken))
            {
                case GatewayReply.KeysListed { Listing: var page }:
                    list.Page(page.Keys);
                    if (page.Next is not { } next)
                    {
                        return list.End(null);
                    }

                    if (after is not null && string.CompareOrdinal(next, after) <= 0)
                    {
                        return list.End(new CliError(ExitCode.Failed, "answer_not_understood", "the gateway's pages do not go on: update it, or proofgate."));
                    }

                    after = next;
                    break;
                case GatewayReply.Failed failed:
                    return list.End(failed.Error);
                default:
                    throw new UnreachableException();
            }
        }
    }
}
