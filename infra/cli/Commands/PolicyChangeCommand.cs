using System.CommandLine;
using Proofgate.Cli.Gateway;
using Proofgate.Cli.Gateway.Wire;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;
using Proofgate.Policy.Signing;

namespace Proofgate.Cli.Commands;

/// <summary>A command that changes which bundle is active.</summary>
internal abstract class PolicyChangeCommand : GatewayCommand
{
    private readonly Option<string?> _approve = new("--approve")
    {
        HelpName = "FILE",
        Description = "Policy key of whoever approves: needed where approval is required, or where the host signs nothing.",
    };

    protected PolicyChangeCommand(CommandScope scope, string name, string description, Lesson lesson)
        : base(scope, name, description, lesson, KeyFile.AdministratorName) => Add(_approve);

    /// <summary>The approver's statement, where one signs; or why there can be none.</summary>
    protected async Task<(byte[]? Statement, CliError? Error)> ApproveAsync(
        ParseResult parsed, Printer printer, string act, string digest, PolicyStatus status, CancellationToken cancellationToken)
    {
        if (status.NextSequence is not { } next)
        {
            return (null, new CliError(
                ExitCode.Failed, "policy_in_folder", "this gateway reads its policy from a folder: change the files there, nothing is activated."));
        }

        if (parsed.GetValue(_approve) is not { } file)
        {
            return status.NeedsSignature
                ? (null, CliError.Usage(
                    "approval_needed",
                    status.RequiresApproval
                        ? "this gateway wants the signature of another person than the author: give --approve FILE."
                        : "this gateway has no key to sign activations with: give --approve FILE, which may be the author's."))
                : (null, null);
        }

        if (!PolicyKeyFile.TryLoad(Path.Combine(Host.Folder, file), printer.Remark, out var approver, out var error))
        {
            return (null, error);
        }

        using (approver)
        {
            var statement = new ActivationStatement(act, next, digest, status.Digest, approver.Key, Host.Time.GetUtcNow());
            return ((await statement.SignAsync(approver, cancellationToken)).Encode(), null);
        }
    }

    protected static int Tell(Printer printer, GatewayReply reply) => reply switch
    {
        GatewayReply.PolicyChanged { Activation: var activation } => Tell(
            printer, activation, CliJson.Default.ActivationRecord,
            $"{(activation.Act == "rolled_back" ? "Rolled back to" : "Activated")} {activation.Digest} (sequence {activation.Sequence}; author {activation.Author}, signed by "
            + $"{activation.By}; before {activation.Previous ?? "none"}). Every instance decides by it within 5 seconds."),
        GatewayReply.Failed failed => printer.Fail(failed.Error),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
