using System.CommandLine;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;
using Proofgate.Policy.Signing;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate policy keygen</c>.</summary>
internal sealed class PolicyKeygenCommand : CliCommand
{
    private readonly Argument<string> _name = new("name") { Description = "Who the key is: 1 to 64 of a-z, 0-9, - and _." };

    private readonly Option<string> _out = new("--out") { HelpName = "FILE", Required = true, Description = "File for the key, made with mode 0600 and never overwritten." };

    internal PolicyKeygenCommand(CommandScope scope)
        : base(scope, "keygen", "Make a key that signs policy: an author's, an approver's, or a host's. Nothing is sent anywhere.", new Lesson(
            [
                new Example("proofgate policy keygen alice --out alice.policy-key", "makes Alice's key, and prints the setting by which gateways trust it"),
            ],
            [ExitCode.Done, ExitCode.Usage, ExitCode.Unreachable, ExitCode.Interrupted],
            "The file is a secret; who has it writes policy in that name. Gateways need the public half only: put the printed setting\n"
            + "into the settings of every app, and give each person a key of their own."))
    {
        Add(_name);
        Add(_out);
    }

    protected override Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken) => Task.FromResult(Run(parsed, printer));

    private int Run(ParseResult parsed, Printer printer)
    {
        PolicySigningKey key;
        try
        {
            key = PolicySigningKey.Create(parsed.GetRequiredValue(_name));
        }
        catch (ArgumentException)
        {
            return printer.Fail(CliError.Usage("policy_key_name", "a policy key's name has 1 to 64 of a-z, 0-9, - and _."));
        }

        using (key)
        {
            var path = Path.Combine(Host.Folder, parsed.GetRequiredValue(_out));
            if (PolicyKeyFile.TrySave(path, key) is { } error)
            {
                return printer.Fail(error);
            }

            if (printer.Json)
            {
                printer.Document(new PolicyKeyDocument(key.Key, path, key.PublicKey.Encoded, key.PublicKey.Fingerprint), CliJson.Default.PolicyKeyDocument);
                return ExitCode.Done.Value;
            }

            printer.Remark($"The key of {key.Key} is in {path}, which only you can read. Gateways trust it with this setting:");
            printer.Line($"Proofgate__Policy__TrustedKeys__{key.Key}={key.PublicKey.Encoded}");
            return ExitCode.Done.Value;
        }
    }
}
