using System.Diagnostics.CodeAnalysis;
using Proofgate.Cli.Local;

namespace Proofgate.Cli.Ledger;

/// <summary>Finds the audit log, or another table: what was given, else the local run's.</summary>
/// <param name="host">The process.</param>
/// <param name="storage">The option that names an environment variable.</param>
/// <param name="tables">The option that has an address.</param>
internal sealed class LedgerLocator(CliHost host, string storage = "--storage", string tables = "--table-endpoint")
{
    /// <param name="variable">Environment variable with a connection string.</param>
    /// <param name="endpoint">Address of a table service.</param>
    internal bool TryLocate(
        string? variable, string? endpoint, [NotNullWhen(true)] out LedgerPlace? place, [NotNullWhen(false)] out CliError? error)
    {
        (place, error) = (variable, endpoint) switch
        {
            ({ } name, _) => FromVariable(name),
            (_, { } address) => FromEndpoint(address),
            _ => FromState(),
        };
        return place is not null;
    }

    private (LedgerPlace?, CliError?) FromVariable(string name)
    {
        // What is no name may be the connection string itself, and that is not repeated.
        if (name.Length == 0 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            return (null, CliError.Usage("storage_variable", $"{storage} takes the name of an environment variable, not a connection string: others could read that."));
        }

        return host.Variable(name) is { Length: > 0 } connection
            ? (new LedgerPlace.WithKey(connection, $"the storage of {name}"), null)
            : (null, CliError.Usage("storage_variable", $"the environment variable {name} of {storage} is not set: put the connection string into it."));
    }

    private (LedgerPlace?, CliError?) FromEndpoint(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var endpoint) && endpoint.Scheme == Uri.UriSchemeHttps
            && endpoint is { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 }
            ? (new LedgerPlace.WithIdentity(endpoint), null)
            : (null, CliError.Usage("table_endpoint", $"{tables} is not an https address of a table service, such as https://account.table.core.windows.net: correct it."));

    private (LedgerPlace?, CliError?) FromState() => StateFile.Find(host) switch
    {
        StateSearch.Found { State.Storage.ConnectionString: { Length: > 0 } connection } found =>
            (new LedgerPlace.WithKey(connection, $"the storage of {found.File}"), null),
        StateSearch.Found found =>
            (null, CliError.Unreachable("state_unusable", $"{found.File} does not say where the audit log is: start the gateway again, or pass --storage or --table-endpoint.")),
        StateSearch.Unusable unusable => (null, unusable.Error),
        _ => (null, CliError.Usage(
            "ledger_unknown",
            $"no audit log is known here: pass --storage or --table-endpoint, or go to the folder of the local run ({StateFile.StartHint}).")),
    };
}
