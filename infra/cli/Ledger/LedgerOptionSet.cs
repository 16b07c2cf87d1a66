using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Proofgate.Audit;
using Proofgate.Cli.Local;

namespace Proofgate.Cli.Ledger;

/// <summary>The options that name the audit log's table.</summary>
internal sealed class LedgerOptionSet
{
    internal Option<string?> Storage { get; } = new("--storage")
    {
        HelpName = "VARIABLE",
        Description = $"Name of an environment variable with the storage account's connection string. Else {StateFile.FolderName}/{StateFile.Name}.",
    };

    internal Option<string?> Endpoint { get; } = new("--table-endpoint")
    {
        HelpName = "URL",
        Description = "Address of the table service, read as you (az login, managed identity, ...): Storage Table Data Reader is enough.",
    };

    internal bool TryOpen(
        CliHost host, ParseResult parsed, [NotNullWhen(true)] out ILedgerTable? table, [NotNullWhen(true)] out LedgerPlace? place, [NotNullWhen(false)] out CliError? error)
    {
        table = null;
        if (!new LedgerLocator(host).TryLocate(parsed.GetValue(Storage), parsed.GetValue(Endpoint), out place, out error))
        {
            return false;
        }

        try
        {
            table = host.OpenLedger(place);
            return true;
        }
        catch (Exception malformed) when (malformed is FormatException or ArgumentException or InvalidOperationException)
        {
            error = Malformed(place);
            return false;
        }
    }

    internal static CliError Malformed(LedgerPlace place) =>
        CliError.Usage("storage_malformed", $"{place.Named} is not described by a connection string: copy it again, whole and without quotes.");
}
