using System.CommandLine;
using System.Diagnostics;
using Proofgate.Cli.Gateway;
using Proofgate.Cli.Gateway.Wire;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate init</c>: exchanges the one-time bootstrap token for the first administrator's key.</summary>
internal sealed class InitCommand : CliCommand
{
    private readonly Option<string?> _gateway = GatewayCommand.NewGatewayOption();

    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        HelpName = "FILE",
        Description = $"File that holds the bootstrap token. Else {Connector.BootstrapVariable}.",
    };

    private readonly Option<string> _owner = new("--owner")
    {
        HelpName = "WHO",
        Required = true,
        Description = "The person or client that the key stands for, as the audit log will name it.",
    };

    private readonly Option<string> _name = new("--name")
    {
        HelpName = "NAME",
        DefaultValueFactory = _ => "first administrator",
        Description = "Name of the key in listings.",
    };

    private readonly Option<string> _tenant = new("--tenant")
    {
        HelpName = "TENANT",
        DefaultValueFactory = _ => "default",
        Description = "Tenant that the administrator manages.",
    };

    private readonly Option<string?> _out = new("--out")
    {
        HelpName = "FILE",
        Description = $"File for the key, made with mode 0600 and never overwritten. Default: {StateFile.FolderName}/{KeyFile.AdministratorName}.",
    };

    private readonly Option<bool> _show = new("--show") { Description = "Print the key once instead of writing it to a file." };

    internal InitCommand(CommandScope scope)
        : base(scope, "init", "Create the first administrator of a new gateway. It works once; the gateway's audit log begins with it.", new Lesson(
            [
                new Example(
                    "proofgate init --gateway https://manage.example.com --owner alice --token-file bootstrap-token",
                    $"writes the first administrator's key to {StateFile.FolderName}/{KeyFile.AdministratorName}"),
                new Example(
                    $"{Connector.BootstrapVariable}=... proofgate init --gateway https://manage.example.com --owner alice --out ~/proofgate-admin",
                    "takes the token from the environment and writes the key elsewhere"),
            ],
            ExitCode.OfGateway,
            "The local run (functions/SelfHost) has its administrator already and needs no init.",
            GatewayCommand.KeyNote))
    {
        Add(_owner);
        Add(_name);
        Add(_tenant);
        Add(_gateway);
        Add(_tokenFile);
        Add(_out);
        Add(_show);
        Validators.Add(result =>
        {
            if (result.GetValue(_show) && result.GetValue(_out) is not null)
            {
                result.AddError("--show and --out exclude each other");
            }
        });
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        var connector = new Connector(Host, printer.Remark);
        if (!connector.TryLocate(parsed.GetValue(_gateway), out var target, out var error)
            || !connector.TryFindKey(parsed.GetValue(_tokenFile), Connector.BootstrapVariable, null, out var token, out error))
        {
            return printer.Fail(error);
        }

        var path = parsed.GetValue(_out) is { } given ? Path.Combine(Host.Folder, given)
            : target.KeysFolder is { } folder ? Path.Combine(folder, KeyFile.AdministratorName)
            : null;
        if (path is null && !parsed.GetValue(_show))
        {
            return printer.Fail(CliError.Usage(
                "key_file_ambiguous", $"the {StateFile.FolderName} folder here belongs to another gateway: say with --out where the key is to be written."));
        }

        using var delivery = new KeyDelivery(printer);
        if (!delivery.TryReserve(parsed.GetValue(_show) ? null : path, out error))
        {
            return printer.Fail(error);
        }

        using var client = new GatewayClient(new Connection(target, token), Host.Time);
        var request = new FirstKeyRequest(parsed.GetRequiredValue(_name), parsed.GetRequiredValue(_owner), parsed.GetRequiredValue(_tenant));
        return await client.InitializeAsync(request, cancellationToken) switch
        {
            GatewayReply.Initialized { Key: var first } => delivery.Deliver(first.Key, new IssuedKeyDocument { Kid = first.Kid, Expires = first.Expires }),
            GatewayReply.Failed failed => printer.Fail(failed.Error),
            _ => throw new UnreachableException(),
        };
    }
}
