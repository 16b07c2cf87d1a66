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
    private const int KidLength = 8;

    private readonly Argument<string> _kid = new("kid")
    {
        Description = "Public id of the key: 8 letters and digits, the third part of the key, the first column of `proofgate keys list`.",
    };

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
        _kid.Validators.Add(static result =>
        {
            // A whole key here would be on the command line already; it must not travel in an address too.
            if (result.Tokens is [{ Value: var kid }] && (kid.Length != KidLength || !kid.All(char.IsAsciiLetterOrDigit)))
            {
                result.AddError($"a key's id is {KidLength} letters and digits; it is not the key itself");
            }
        });
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
            case GatewayReply.KeyRevoked { Record: var record }:
                if (printer.Json)
                {
                    printer.Document(record, CliJson.Default.KeyRecord);
                }
                else
                {
                    printer.Line($"Key {record.Kid} ({record.Name}, {record.Owner}) is revoked.");
                }

                return ExitCode.Done.Value;
            case GatewayReply.Failed failed:
                return printer.Fail(failed.Error);
            default:
                throw new UnreachableException();
        }
    }
}
