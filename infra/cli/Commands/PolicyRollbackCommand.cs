using System.CommandLine;
using System.CommandLine.Parsing;
using Proofgate.Cli.Gateway;
using Proofgate.Cli.Help;
using Proofgate.Cli.Output;
using Proofgate.Policy.Signing;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate policy rollback</c>.</summary>
internal sealed class PolicyRollbackCommand : PolicyChangeCommand
{
    private readonly Option<string?> _to = new("--to")
    {
        HelpName = "DIGEST",
        Description = "Bundle to go back to. Unless given, the one that decided before the active one.",
        Validators = { IsDigest },
    };

    internal PolicyRollbackCommand(CommandScope scope)
        : base(scope, "rollback", "Make an earlier bundle decide again, on every instance within 5 seconds.", new Lesson(
            [
                new Example("proofgate policy rollback", "undoes the last activation"),
                new Example(
                    "proofgate policy rollback --to 5f2c9d0e1b7a48365f2c9d0e1b7a48365f2c9d0e1b7a48365f2c9d0e1b7a4836 --approve bob.policy-key",
                    "goes further back, with an approver's signature"),
            ],
            ExitCode.OfGateway,
            "Bundles that were active are kept for ever; the author's signature of then counts, if the key is still trusted.",
            KeyNote))
    {
        Add(_to);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (!TryConnect(parsed, printer, out var client, out var error))
        {
            return printer.Fail(error);
        }

        using var connected = client;
        if (await client.ShowPolicyAsync(cancellationToken) is var shown && shown is not GatewayReply.PolicyShown)
        {
            return printer.Fail(((GatewayReply.Failed)shown).Error);
        }

        var status = ((GatewayReply.PolicyShown)shown).Status;
        var target = parsed.GetValue(_to) ?? status.Activation?.Previous;
        if (target is null && status.NextSequence is not null)
        {
            return printer.Fail(new CliError(ExitCode.Failed, "bundle_not_found", "there is no earlier bundle to go back to: nothing was changed."));
        }

        var (approval, refused) = await ApproveAsync(parsed, printer, ActivationStatement.RollBack, target ?? string.Empty, status, cancellationToken);
        return refused is not null
            ? printer.Fail(refused)
            : Tell(printer, await client.RollBackPolicyAsync(target!, approval, status.Digest, cancellationToken));
    }

    private static void IsDigest(OptionResult result)
    {
        if (result.Tokens is [{ Value: var value }] && !Digests.Is(value))
        {
            result.AddError($"{result.Option.Name} takes 64 hexadecimal digits");
        }
    }
}
