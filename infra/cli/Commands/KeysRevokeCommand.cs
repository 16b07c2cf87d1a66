using System.CommandLine;
using System.Diagnostics;
using Proofgate.Cli.Gateway;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate keys revoke</c> (K6).</summary>
internal sealed class KeysRevokeCommand : GatewayCommand
{
    private readonly Argument<string> _kid = KidArgument.New();

    internal KeysRevokeCommand(CommandScope scope)
        : base(scope, "revoke", "Revoke an API key for ever. Calls with it are refused, and its open streams end, within 5 seconds.", new Lesson(
            [
                new Example("proofgate keys revoke 7Hq2mXaB", "revokes one key"),
                new Example(
                    "proofgate keys list --json | jq -r '.warnings[] | select(.kind == \"unused\").kid' | xargs -n1 proofgate keys revoke",
                    "revokes every key that nobody used for a month"),
            ],
            ExitCode.OfGateway,
            "A revoked key never returns. Revoking it again changes nothing.",
            KeyNote), KeyFile.AdministratorName)
    {
        Add(_kid);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (!TryConnect(parsed, printer, out var client, out var error))
        {
            return printer.Fail(error);
        }

        using var connected = client;
        switch (await client.RevokeKeyAsync(parsed.GetRequiredValue(_kid), cancellationToken))
        {
            case GatewayReply.KeyChanged { Record: var record }:
                return Tell(printer, record, CliJson.Default.KeyRecord, $"Key {record.Kid} ({record.Name}, {record.Owner}) is revoked.");
            case GatewayReply.Failed failed:
                return printer.Fail(failed.Error);
            default:
                throw new UnreachableException();
        }
    }
}
