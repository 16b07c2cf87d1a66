using System.CommandLine;
using System.Diagnostics;
using Proofgate.Cli.Gateway;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate deny lift</c>.</summary>
internal sealed class DenyLiftCommand : GatewayCommand
{
    private readonly Argument<string> _id = new("id") { Description = "Id of the entry, the first column of `proofgate deny list`." };

    internal DenyLiftCommand(CommandScope scope)
        : base(scope, "lift", "Take an entry off the deny list.", new Lesson(
            [
                new Example("proofgate deny lift subject-0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", "lets a person in again"),
            ],
            ExitCode.OfGateway,
            KeyNote), KeyFile.AdministratorName) => Add(_id);

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (!TryConnect(parsed, printer, out var client, out var error))
        {
            return printer.Fail(error);
        }

        using var connected = client;
        switch (await client.LiftDenialAsync(parsed.GetRequiredValue(_id), cancellationToken))
        {
            case GatewayReply.DenialChanged { Record: var record }:
                return Tell(printer, record, CliJson.Default.DenyRecord, $"Lifted: {record.Kind} {record.Value}.");
            case GatewayReply.Failed failed:
                return printer.Fail(failed.Error);
            default:
                throw new UnreachableException();
        }
    }
}
