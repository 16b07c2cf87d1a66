using System.CommandLine;
using System.Diagnostics;
using Proofgate.Cli.Gateway;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate keys bind</c> (K4).</summary>
internal sealed class KeysBindCommand : GatewayCommand
{
    private readonly Argument<string> _kid = KidArgument.New();

    private readonly Option<string> _key = new("--key")
    {
        HelpName = "FILE",
        Required = true,
        Description = "PEM file of the key pair (P-256). Made, with mode 0600, where it does not exist.",
    };

    internal KeysBindCommand(CommandScope scope)
        : base(scope, "bind", "Bind an API key to a key pair, for life: then the key alone is useless to a thief.", new Lesson(
            [
                new Example("proofgate keys bind 7Hq2mXaB --key key.pem", "from now on each call with the key needs a proof by key.pem"),
                new Example("proofgate chat --key-file billing-key --dpop key.pem \"Say hello.\"", "uses the bound key"),
            ],
            ExitCode.OfGateway,
            "Streams that the key has open without a proof end within 5 seconds. A bound key is never bound anew or set free: make\n"
            + "another key, or rotate it, which keeps the binding.",
            KeyNote), KeyFile.AdministratorName)
    {
        Add(_kid);
        Add(_key);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (!TryConnect(parsed, printer, out var client, out var error))
        {
            return printer.Fail(error);
        }

        using var connected = client;
        if (!KeyPairFile.TryLoadOrCreate(Path.Combine(Host.Folder, parsed.GetRequiredValue(_key)), printer.Remark, out var pair, out error))
        {
            return printer.Fail(error);
        }

        using var loaded = pair;
        switch (await client.BindKeyAsync(parsed.GetRequiredValue(_kid), pair, cancellationToken))
        {
            case GatewayReply.KeyChanged { Record: var record }:
                return Tell(printer, record, CliJson.Default.KeyRecord, $"Key {record.Kid} ({record.Name}, {record.Owner}) is bound to key pair {record.Thumbprint}.");
            case GatewayReply.Failed failed:
                return printer.Fail(failed.Error);
            default:
                throw new UnreachableException();
        }
    }
}
