using System.CommandLine;
using System.CommandLine.Parsing;
using Proofgate.Cli.Gateway;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;
using Proofgate.Policy.Bundles;
using Proofgate.Policy.Signing;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate policy pack</c>: what an author hands to an approver.</summary>
internal sealed class PolicyPackCommand : GatewayCommand
{
    private readonly Argument<string> _folder = new("folder") { Description = "Folder of the bundle." };

    private readonly Option<string> _sign = new("--sign") { HelpName = "FILE", Required = true, Description = "The author's policy key." };

    private readonly Option<string> _out = new("--out") { HelpName = "FILE", Required = true, Description = "File for the signed bundle; never overwritten." };

    private readonly Option<string?> _follows = new("--follows")
    {
        HelpName = "DIGEST",
        Description = "Digest of the bundle that it is to follow, or none. Unless given, the gateway is asked which is active.",
        Validators = { IsDigest },
    };

    internal PolicyPackCommand(CommandScope scope)
        : base(scope, "pack", "Sign a bundle into one file, for another person to approve and activate.", new Lesson(
            [
                new Example("proofgate policy pack infra/policy/sample --sign alice.policy-key --out change.bundle", "signs the folder, to follow what is active"),
                new Example("proofgate policy pack infra/policy/sample --sign alice.policy-key --out first.bundle --follows none", "signs the first one, without a gateway"),
            ],
            ExitCode.OfGateway,
            "The file holds the bundle and the signature, and no secret. It can follow the one bundle that it was signed for: once\n"
            + "another one is active, it has to be signed again.",
            KeyNote), KeyFile.AdministratorName)
    {
        Add(_folder);
        Add(_sign);
        Add(_out);
        Add(_follows);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (!PolicyKeyFile.TryLoad(Path.Combine(Host.Folder, parsed.GetRequiredValue(_sign)), printer.Remark, out var author, out var error))
        {
            return printer.Fail(error);
        }

        using var key = author;
        if (!BundleFile.TryPack(Path.Combine(Host.Folder, parsed.GetRequiredValue(_folder)), out var files, out var pack, out error))
        {
            return printer.Fail(error);
        }

        var follows = parsed.GetValue(_follows);
        if (follows is null)
        {
            if (!TryConnect(parsed, printer, out var client, out error))
            {
                return printer.Fail(error);
            }

            using var connected = client;
            if (await client.ShowPolicyAsync(cancellationToken) is var shown && shown is not GatewayReply.PolicyShown)
            {
                return printer.Fail(((GatewayReply.Failed)shown).Error);
            }

            follows = ((GatewayReply.PolicyShown)shown).Status.Digest;
        }
        else if (follows == "none")
        {
            follows = null;
        }

        return Save(printer, Path.Combine(Host.Folder, parsed.GetRequiredValue(_out)), await BundleFile.SignAsync(files, pack, follows, author, Host.Time, cancellationToken), follows);
    }

    private static int Save(Printer printer, string path, SignedBundle bundle, string? follows)
    {
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            file.Write(bundle.Encode());
            file.Flush(flushToDisk: true);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return printer.Fail(CliError.Unreachable("bundle_unwritable", $"{path} cannot be written: it must not exist yet, and its folder must."));
        }

        return Tell(
            printer, new PackDocument(path, bundle.Digest, follows, bundle.Statement.Key), CliJson.Default.PackDocument,
            $"{path}: bundle {bundle.Digest}, signed by {bundle.Statement.Key}, to follow {follows ?? "none"}.");
    }

    private static void IsDigest(OptionResult result)
    {
        if (result.Tokens is [{ Value: var value }] && value != "none" && !Digests.Is(value))
        {
            result.AddError($"{result.Option.Name} takes 64 hexadecimal digits, or none");
        }
    }
}
