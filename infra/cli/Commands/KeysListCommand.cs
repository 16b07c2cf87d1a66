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
        switch (await client.ListKeysAsync(cancellationToken))
        {
            case GatewayReply.KeysListed { Listing.Keys: var keys }:
                var now = Host.Time.GetUtcNow();
                var warnings = KeyReview.Of(keys, now);
                if (printer.Json)
                {
                    printer.Document(new KeyListingDocument(keys, warnings), CliJson.Default.KeyListingDocument);
                }
                else
                {
                    printer.Table(KeyTable.Of(keys, now));
                    foreach (var warning in warnings)
                    {
                        printer.Remark($"warning: {warning.Message}");
                    }
                }

                return ExitCode.Done.Value;
            case GatewayReply.Failed failed:
                return printer.Fail(failed.Error);
            default:
                throw new UnreachableException();
        }
    }
}
