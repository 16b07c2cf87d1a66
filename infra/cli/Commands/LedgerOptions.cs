using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Proofgate.Audit.Sealing;
using Proofgate.Cli.Ledger;
using Proofgate.Cli.Local;

namespace Proofgate.Cli.Commands;

/// <summary>Where recorded decisions are, and the key that opens their sealed parts.</summary>
internal sealed class LedgerOptions
{
    private readonly Option<string?> _storage = new("--storage")
    {
        HelpName = "VARIABLE",
        Description = $"Name of an environment variable with the storage account's connection string. Else {StateFile.FolderName}/{StateFile.Name}.",
    };

    private readonly Option<string?> _endpoint = new("--table-endpoint")
    {
        HelpName = "URL",
        Description = "Address of the table service of the ledger and of the subjects' data keys, read as you (az login, managed identity, ...).",
    };

    private readonly Option<string?> _master = new("--master")
    {
        HelpName = "VARIABLE",
        Description = $"Name of an environment variable with the audit master key (base64). Else {StateFile.FolderName}/{LocalSecrets.Name}.",
    };

    internal void AddTo(Command command)
    {
        command.Add(_storage);
        command.Add(_endpoint);
        command.Add(_master);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_storage) is not null && result.GetValue(_endpoint) is not null)
            {
                result.AddError("--storage and --table-endpoint exclude each other");
            }
        });
    }

    internal bool TryOpen(ParseResult parsed, CliHost host, [NotNullWhen(true)] out LedgerDecisions? decisions, [NotNullWhen(false)] out CliError? error)
    {
        decisions = null;
        if (!new LedgerLocator(host).TryLocate(parsed.GetValue(_storage), parsed.GetValue(_endpoint), out var place, out error))
        {
            return false;
        }

        if (!TryMaster(parsed.GetValue(_master), host, out var master, out error))
        {
            return false;
        }

        try
        {
            decisions = new LedgerDecisions(place, host.OpenLedger(place), host.OpenSubjectKeys(place), AuditKeys.FromMaster(master), host.Time);
            return true;
        }
        catch (Exception malformed) when (malformed is FormatException or ArgumentException or InvalidOperationException)
        {
            error = CliError.Usage("storage_malformed", $"{place.Named} is not described by a connection string: copy it again, whole and without quotes.");
            return false;
        }
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
