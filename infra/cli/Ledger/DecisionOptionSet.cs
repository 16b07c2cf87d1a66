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

    internal Option<string?> KeysStorage { get; } = new("--keys-storage")
    {
        HelpName = "VARIABLE",
        Description = "Where people's data keys are, if not in the log's account: name of an environment variable with that account's connection string.",
    };

    internal Option<string?> KeysEndpoint { get; } = new("--keys-endpoint")
    {
        HelpName = "URL",
        Description = "The same by the address of its table service, read as you. A deployment has keys and log in two accounts.",
    };

    internal Option<string?> Master { get; } = new("--master")
    {
        HelpName = "VARIABLE",
        Description = $"Name of an environment variable with the audit master key (base64). Else {StateFile.FolderName}/{LocalSecrets.Name}.",
    };

    internal void AddTo(Command command)
    {
        command.Add(Ledger.Storage);
        command.Add(Ledger.Endpoint);
        command.Add(KeysStorage);
        command.Add(KeysEndpoint);
        command.Add(Master);
        command.Validators.Add(result =>
        {
            if (result.GetValue(Ledger.Storage) is not null && result.GetValue(Ledger.Endpoint) is not null)
            {
                result.AddError("--storage and --table-endpoint exclude each other");
            }

            if (result.GetValue(KeysStorage) is not null && result.GetValue(KeysEndpoint) is not null)
            {
                result.AddError("--keys-storage and --keys-endpoint exclude each other");
            }
        });
    }

    internal bool TryOpen(ParseResult parsed, CliHost host, [NotNullWhen(true)] out LedgerDecisions? decisions, [NotNullWhen(false)] out CliError? error)
    {
        decisions = null;
        if (!Ledger.TryOpen(host, parsed, out var table, out var place, out error) || !TryOpener(parsed, host, place, out var opener, out error))
        {
            return false;
        }

        decisions = new LedgerDecisions(place, table, opener);
        return true;
    }

    /// <summary>Whether one of the options is there.</summary>
    internal bool IsAsked(ParseResult parsed) => (parsed.GetValue(KeysStorage) ?? parsed.GetValue(KeysEndpoint) ?? parsed.GetValue(Master)) is not null;

    /// <param name="parsed">The command line.</param>
    /// <param name="host">The process.</param>
    /// <param name="log">Where the log's table is; null where the log is no table.</param>
    /// <param name="opener">Opens what the options name.</param>
    /// <param name="error">Why not.</param>
    internal bool TryOpener(ParseResult parsed, CliHost host, LedgerPlace? log, [NotNullWhen(true)] out DecisionOpener? opener, [NotNullWhen(false)] out CliError? error)
    {
        opener = null;
        if (!TryMaster(parsed.GetValue(Master), host, out var master, out error) || !TryKeys(parsed, host, log, out var keys, out error))
        {
            return false;
        }

        opener = new DecisionOpener(keys, AuditKeys.FromMaster(master), host.Time);
        return true;
    }

    private bool TryKeys(ParseResult parsed, CliHost host, LedgerPlace? log, [NotNullWhen(true)] out ISubjectKeyStore? keys, [NotNullWhen(false)] out CliError? error)
    {
        keys = null;
        LedgerPlace? place;
        if ((parsed.GetValue(KeysStorage) ?? parsed.GetValue(KeysEndpoint)) is not null)
        {
            if (!new LedgerLocator(host, KeysStorage.Name, KeysEndpoint.Name).TryLocate(parsed.GetValue(KeysStorage), parsed.GetValue(KeysEndpoint), out place, out error))
            {
                return false;
            }
        }
        else if ((place = log) is null
            && !new LedgerLocator(host).TryLocate(parsed.GetValue(Ledger.Storage), parsed.GetValue(Ledger.Endpoint), out place, out error))
        {
            return false;
        }

        error = null;
        try
        {
            keys = host.OpenSubjectKeys(place);
        }
        catch (Exception malformed) when (malformed is FormatException or ArgumentException or InvalidOperationException)
        {
            error = LedgerOptionSet.Malformed(place);
        }

        return keys is not null;
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
