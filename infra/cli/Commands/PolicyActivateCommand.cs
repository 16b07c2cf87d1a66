using System.CommandLine;
using Proofgate.Cli.Gateway;
using Proofgate.Cli.Gateway.Wire;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;
using Proofgate.Policy.Bundles;
using Proofgate.Policy.Signing;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate policy activate</c>.</summary>
internal sealed class PolicyActivateCommand : PolicyChangeCommand
{
    private readonly Argument<string> _bundle = new("bundle")
    {
        DefaultValueFactory = static _ => ".",
        Description = "Folder of the bundle, or a file that `policy pack` made.",
    };

    private readonly Option<string?> _sign = new("--sign") { HelpName = "FILE", Description = "The author's policy key; a file of `policy pack` is signed already." };

    internal PolicyActivateCommand(CommandScope scope)
        : base(scope, "activate", "Make a signed bundle the one that decides, on every instance within 5 seconds.", new Lesson(
            [
                new Example("proofgate policy activate infra/policy/sample --sign alice.policy-key", "signs a folder, has it checked, and activates it"),
                new Example("proofgate policy activate change.bundle --approve bob.policy-key", "approves and activates what somebody else has signed"),
            ],
            ExitCode.OfGateway,
            "The gateway checks the whole bundle first; nothing is changed by one that is not sound. Where another bundle has become\n"
            + "active in between, nothing is changed either.",
            KeyNote))
    {
        Add(_bundle);
        Add(_sign);
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
        var (bundle, unread) = await ReadAsync(parsed, printer, status, cancellationToken);
        if (bundle is null)
        {
            return printer.Fail(unread!);
        }

        var encoded = bundle.Encode();
        switch (await client.CheckPolicyAsync(encoded, cancellationToken))
        {
            case GatewayReply.Failed failed:
                return printer.Fail(failed.Error);
            case GatewayReply.PolicyChecked { Judgement: { Sound: false, Problems: var problems } }:
                foreach (var problem in problems)
                {
                    printer.Remark(problem);
                }

                return printer.Fail(new CliError(ExitCode.Failed, "bundle_rejected", $"the gateway does not take this bundle ({problems.Count} problems): nothing was changed."));
        }

        var (approval, refused) = await ApproveAsync(parsed, printer, ActivationStatement.Activate, bundle.Digest, status, cancellationToken);
        return refused is not null
            ? printer.Fail(refused)
            : Tell(printer, await client.ActivatePolicyAsync(encoded, approval, status.Digest, cancellationToken));
    }

    private async Task<(SignedBundle? Bundle, CliError? Error)> ReadAsync(
        ParseResult parsed, Printer printer, PolicyStatus status, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Host.Folder, parsed.GetRequiredValue(_bundle));
        if (File.Exists(path))
        {
            return BundleFile.TryRead(path, out var read, out var unreadable) ? (read, null) : (null, unreadable);
        }

        if (parsed.GetValue(_sign) is not { } file)
        {
            return (null, CliError.Usage("author_needed", "a folder is not signed: give --sign FILE, the author's policy key."));
        }

        if (!PolicyKeyFile.TryLoad(Path.Combine(Host.Folder, file), printer.Remark, out var author, out var error)
            || !BundleFile.TryPack(path, out var files, out var pack, out error))
        {
            return (null, error);
        }

        using (author)
        {
            return (await BundleFile.SignAsync(files, pack, status.Digest, author, Host.Time, cancellationToken), null);
        }
    }
}
