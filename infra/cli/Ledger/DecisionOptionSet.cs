using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Proofgate.Audit;
using Proofgate.Audit.Sealing;
using Proofgate.Cli.Local;

namespace Proofgate.Cli.Ledger;

/// <summary>The options that name recorded decisions and the key that opens their sealed parts.</summary>
internal sealed class DecisionOptionSet
{
    internal LedgerOptionSet Ledger { get; } = new();

    internal Option<string?> Master { get; } = new("--master")
    {
        HelpName = "VARIABLE",
        Description = $"Name of an environment variable with the audit master key (base64). Else {StateFile.FolderName}/{LocalSecrets.Name}.",
    };

    internal void AddTo(Command command)
    {
        command.Add(Ledger.Storage);
        command.Add(Ledger.Endpoint);
        command.Add(Master);
        command.Validators.Add(result =>
        {
            if (result.GetValue(Ledger.Storage) is not null && result.GetValue(Ledger.Endpoint) is not null)
            {
                result.AddError("--storage and --table-endpoint exclude each other");
            }
        });
    }

    internal bool TryOpen(ParseResult parsed, CliHost host, [NotNullWhen(true)] out LedgerDecisions? decisions, [NotNullWhen(false)] out CliError? error)
    {
        decisions = null;
        return Ledger.TryOpen(host, parsed, out var table, out var place, out error) && TryOpen(parsed, host, table, place, out decisions, out error);
    }

    /// <summary>The decisions of a log that is open already.</summary>
    internal bool TryOpen(
        ParseResult parsed, CliHost host, ILedgerTable table, LedgerPlace place, [NotNullWhen(true)] out LedgerDecisions? decisions, [NotNullWhen(false)] out CliError? error)
    {
        decisions = TryMaster(parsed.GetValue(Master), host, out var master, out error)
            ? new LedgerDecisions(place, table, host.OpenSubjectKeys(place), AuditKeys.FromMaster(master), host.Time)
            : null;
        return decisions is not null;
    }

    private static bool TryMaster(string? variable, CliHost host, [NotNullWhen(true)] out byte[]? master, [NotNullWhen(false)] out CliError? error)
    {
        (master, error) = (null, null);
        var text = variable is null ? LocalSecrets.AuditMaster(host) : host.Variable(variable);
        if (text is not { Length: > 0 })
        {
            error = CliError.Usage("master_unknown", variable is null
                ? "the sealed parts of decisions need the audit master key: pass --master VARIABLE, or go to the folder of the local run."
                : $"the environment variable {variable} of --master is not set: put the audit master key into it.");
            return false;
        }

        var key = new byte[64];
        if (!Convert.TryFromBase64String(text.Trim(), key, out var length) || length != 32)
        {
            error = CliError.Usage("master_malformed", "the audit master key is not the base64 of 32 bytes: copy it again.");
            return false;
        }

        master = key[..32];
        return true;
    }
}
