using System.CommandLine;
using System.Diagnostics;
using Proofgate.Cli.Gateway;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate deny list</c>.</summary>
internal sealed class DenyListCommand : GatewayCommand
{
    internal DenyListCommand(CommandScope scope)
        : base(scope, "list", "List what your tenant denies. Entries that have lapsed are not shown.", new Lesson(
            [
                new Example("proofgate deny list", "a table"),
                new Example("proofgate deny list --json | jq -r '.entries[] | select(.until == null).id'", "the ids of entries that stay until they are lifted"),
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
        switch (await client.ListDenialsAsync(cancellationToken))
        {
            case GatewayReply.DenialsListed { Listing: var listing }:
                if (printer.Json)
                {
                    printer.Document(listing, CliJson.Default.DenyListing);
                }
                else
                {
                    printer.Table(DenyTable.Of(listing.Entries));
                }

                return ExitCode.Done.Value;
            case GatewayReply.Failed failed:
                return printer.Fail(failed.Error);
            default:
                throw new UnreachableException();
        }
    }
}
