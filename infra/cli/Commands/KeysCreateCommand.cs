using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Net;
using Proofgate.Cli.Gateway;
using Proofgate.Cli.Gateway.Wire;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;
using Proofgate.Client;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate keys create</c>.</summary>
internal sealed class KeysCreateCommand : GatewayCommand
{
    private readonly Option<string> _name = new("--name") { HelpName = "NAME", Required = true, Description = "Name of the key in listings." };

    private readonly Option<string> _owner = new("--owner")
    {
        HelpName = "WHO",
        Required = true,
        Description = "The client or user that the key stands for.",
    };

    private readonly Option<string> _ownerKind = new Option<string>("--owner-kind")
    {
        DefaultValueFactory = _ => "client",
        Description = "Whether the owner is a program or a person.",
    }.AcceptOnlyFromAmong("client", "user");

    private readonly Option<string?> _purpose = Text("--purpose", "TEXT", "What the key is for.");
    private readonly Option<string?> _tenant = Text("--tenant", "TENANT", "Tenant of the owner; yours unless given.");

    private readonly Option<string?> _environment = new Option<string?>("--environment")
    {
        Description = "Shown in the key itself (pgk_live_..., pgk_test_...).",
    }.AcceptOnlyFromAmong("live", "test");

    private readonly Option<string[]> _roles = Many("--role", "ROLE", "Role of the owner, as policy names it.");

    private readonly Option<long?> _clearance = new("--clearance")
    {
        HelpName = "RANK",
        Description = "Clearance of the owner, for policies that compare it with labels.",
        Validators = { NotNegative },
    };

    private readonly Option<string[]> _actions = Many("--action", "ACTION", "Limit to this action (infer, query, manage).");
    private readonly Option<string[]> _models = Many("--model", "MODEL", "Limit to this model.");
    private readonly Option<string[]> _datasets = Many("--dataset", "DATASET", "Limit to this dataset.");
    private readonly Option<string?> _maxLabel = Text("--max-label", "LABEL", "Highest label that a call with this key may carry.");
    private readonly Option<string[]> _networks = Many("--network", "CIDR", "Limit to callers from this network, such as 10.0.0.0/8.");

    private readonly Option<int?> _requests = new("--requests-per-minute") { HelpName = "N", Description = "At most so many requests a minute.", Validators = { Positive } };

    private readonly Option<long?> _tokens = new("--tokens-per-day") { HelpName = "N", Description = "At most so many tokens a UTC day.", Validators = { Positive } };

    private readonly Option<int?> _expires = new("--expires-in-days")
    {
        HelpName = "DAYS",
        Description = "Days until the key expires; the gateway's default unless given.",
        Validators = { Positive },
    };

    private readonly Option<bool> _never = new("--never-expires") { Description = "Make a key without an end. Listings will warn about it." };

    private readonly Option<string?> _bind = Text(
        "--bind", "FILE", "Bind the key to the key pair in this PEM file (P-256); made, with mode 0600, where it does not exist.");

    private readonly Option<string?> _out = Text("--out", "FILE", "File for the key, made with mode 0600 and never overwritten. Unless given, the key is printed once.");

    internal KeysCreateCommand(CommandScope scope)
        : base(scope, "create", "Create an API key. Only its digest is kept: whoever loses the key needs a new one.", new Lesson(
            [
                new Example(
                    "proofgate keys create --name \"billing bot\" --owner billing --role developer --model assistant --expires-in-days 90 --out billing-key",
                    "a key for one model and three months, written to a file that only you can read"),
                new Example(
                    "proofgate keys create --name nightly --owner nightly-jobs --role developer --network 10.20.0.0/16 --json",
                    "a key that is good only inside one network; the document's \"key\" is the key"),
                new Example(
                    "proofgate keys create --name \"billing bot\" --owner billing --role developer --bind key.pem --out billing-key",
                    "a key that is useless without key.pem: each call needs a proof by it (chat --dpop key.pem)"),
            ],
            ExitCode.OfGateway,
            "Options that can be given several times add up: --role a --role b. A limit that is not given does not limit.",
            KeyNote), KeyFile.AdministratorName)
    {
        foreach (var option in (Option[])[
            _name, _owner, _ownerKind, _purpose, _tenant, _environment, _roles, _clearance, _actions, _models, _datasets, _maxLabel, _networks,
            _requests, _tokens, _expires, _never, _bind, _out])
        {
            Add(option);
        }

        _networks.Validators.Add(AreNetworks);
        Validators.Add(result =>
        {
            if (result.GetValue(_never) && result.GetValue(_expires) is not null)
            {
                result.AddError("--never-expires and --expires-in-days exclude each other");
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
        using var delivery = new KeyDelivery(printer);
        if (!delivery.TryReserve(parsed.GetValue(_out) is { } path ? Path.Combine(Host.Folder, path) : null, out error))
        {
            return printer.Fail(error);
        }

        DpopKeyPair? pair = null;
        if (parsed.GetValue(_bind) is { } file && !KeyPairFile.TryLoadOrCreate(Path.Combine(Host.Folder, file), printer.Remark, out pair, out error))
        {
            return printer.Fail(error);
        }

        using var loaded = pair;
        return await client.CreateKeyAsync(Request(parsed), pair, cancellationToken) switch
        {
            GatewayReply.KeyCreated { Key: { Record: var record, Key: var key } } =>
                delivery.Deliver(key, new IssuedKeyDocument { Kid = record.Kid, Expires = record.Expires, Record = record }),
            GatewayReply.Failed failed => printer.Fail(failed.Error),
            _ => throw new UnreachableException(),
        };
    }

    private KeyRequest Request(ParseResult parsed) => new()
    {
        Name = parsed.GetRequiredValue(_name),
        Owner = parsed.GetRequiredValue(_owner),
        OwnerKind = parsed.GetRequiredValue(_ownerKind),
        Purpose = parsed.GetValue(_purpose),
        Tenant = parsed.GetValue(_tenant),
        Environment = parsed.GetValue(_environment),
        Roles = NotEmpty(parsed.GetValue(_roles)),
        Clearance = parsed.GetValue(_clearance),
        Actions = NotEmpty(parsed.GetValue(_actions)),
        Models = NotEmpty(parsed.GetValue(_models)),
        Datasets = NotEmpty(parsed.GetValue(_datasets)),
        MaxLabel = parsed.GetValue(_maxLabel),
        Networks = NotEmpty(parsed.GetValue(_networks)),
        RequestsPerMinute = parsed.GetValue(_requests),
        TokensPerDay = parsed.GetValue(_tokens),
        ExpiresInDays = parsed.GetValue(_expires),
        NeverExpires = parsed.GetValue(_never) ? true : null,
    };

    private static Option<string?> Text(string name, string helpName, string description) => new(name) { HelpName = helpName, Description = description };

    private static Option<string[]> Many(string name, string helpName, string description) =>
        new(name) { HelpName = helpName, Description = description + " Can be given several times." };

    private static string[]? NotEmpty(string[]? values) => values is [] ? null : values;

    private static void AreNetworks(OptionResult result)
    {
        foreach (var token in result.Tokens.Where(static token => !IPNetwork.TryParse(token.Value, out _)))
        {
            result.AddError($"--network {token.Value} is not a network such as 10.0.0.0/8");
        }
    }

    private static void Positive(OptionResult result) => AtLeast(result, 1);

    private static void NotNegative(OptionResult result) => AtLeast(result, 0);

    private static void AtLeast(OptionResult result, long least)
    {
        foreach (var token in result.Tokens.Where(token => long.TryParse(token.Value, out var value) && value < least))
        {
            result.AddError($"{result.Option.Name} {token.Value} must be {least} or more");
        }
    }
}
