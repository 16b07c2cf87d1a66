using System.CommandLine;
using System.Diagnostics;
using Proofgate.Cli.Gateway;
using Proofgate.Cli.Gateway.Wire;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate keys rotate</c> (K5).</summary>
internal sealed class KeysRotateCommand : GatewayCommand
{
    private readonly Argument<string> _kid = KidArgument.New();

    private readonly Option<string?> _overlap = new("--overlap")
    {
        HelpName = "TIME",
        Description = $"How long the old key lives on: {Duration.Form}, 30d at most. Default 24h; 0h ends it at once.",
        Validators = { Duration.Check },
    };

    private readonly Option<string?> _out = new("--out")
    {
        HelpName = "FILE",
        Description = "File for the new key, made with mode 0600 and never overwritten. Unless given, the key is printed once.",
    };

    internal KeysRotateCommand(CommandScope scope)
        : base(scope, "rotate", "Replace an API key by a new one that may do the same. The old one lives on for a while, so that nothing stops.", new Lesson(
            [
                new Example("proofgate keys rotate 7Hq2mXaB --out billing-key.new", "writes the new key to a file; the old one works for another 24 hours"),
                new Example("proofgate keys rotate 7Hq2mXaB --overlap 7d", "gives whoever uses the key a week to change over"),
            ],
            ExitCode.OfGateway,
            "The new key has the old one's owner, roles, limits and binding, and lives as long from now as the old one was given.\n"
            + "A key whose successor is alive is not rotated again: rotate the successor.",
            KeyNote), KeyFile.AdministratorName)
    {
        Add(_kid);
        Add(_overlap);
        Add(_out);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (!TryConnect(parsed, printer, out var client, out var error))
        {
            return printer.Fail(error);
        }

        using var connected = client;
        using var delivery = new KeyDelivery(printer);
        if (!delivery.TryReserve(parsed.GetValue(_out) is { } path ? Path.Combine(Host.Folder, path) : null, out error))
        {
            return printer.Fail(error);
        }

        var request = new RotationRequest(Duration.Of(parsed.GetValue(_overlap))?.TotalHours);
        switch (await client.RotateKeyAsync(parsed.GetRequiredValue(_kid), request, cancellationToken))
        {
            case GatewayReply.KeyRotated { Key: var rotated }:
                var exit = delivery.Deliver(rotated.Key, new IssuedKeyDocument
                {
                    Kid = rotated.Record.Kid,
                    Expires = rotated.Record.Expires,
                    Record = rotated.Record,
                    Retired = rotated.Retired,
                });
                printer.Remark($"The old key {rotated.Retired.Kid} holds until {rotated.Retired.Expires?.UtcDateTime:yyyy-MM-dd HH:mm} UTC.");
                return exit;
            case GatewayReply.Failed failed:
                return printer.Fail(failed.Error);
            default:
                throw new UnreachableException();
        }
    }
}
