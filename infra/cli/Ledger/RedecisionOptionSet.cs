using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Proofgate.AzureStores;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;
using Proofgate.Cli.Policies;
using Proofgate.Policy;

namespace Proofgate.Cli.Ledger;

/// <summary>The options with which recorded decisions are made again.</summary>
internal sealed class RedecisionOptionSet
{
    private readonly Option<string[]> _bundles = new("--bundle")
    {
        HelpName = "FOLDER",
        AllowMultipleArgumentsPerToken = true,
        Description = "Policy bundles under which decisions are made again, each under the one that it names. Needs the audit master key.",
    };

    private readonly Option<string?> _store = new("--bundle-store")
    {
        HelpName = "URL|VARIABLE/NAME",
        Description = "The container of activated bundles (Proofgate:Policy:Store), from which those that are not given are read: its https address, read as you, or the name of an "
            + "environment variable with the account's connection string, a slash and the container's name.",
    };

    internal DecisionOptionSet Decisions { get; } = new();

    internal void AddTo(Command command)
    {
        Decisions.AddTo(command);
        command.Add(_bundles);
        command.Add(_store);
    }

    /// <summary>Opens what the options name. Both are null where nothing was asked for and <paramref name="isLocal"/> does not say that the log is the local run's.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="host">The process.</param>
    /// <param name="log">Where the log's table is; null where the log is no table.</param>
    /// <param name="isLocal">Then decisions are made again by itself, if its secrets can be read.</param>
    internal (Redecider? Redecider, CliError? Error) Open(ParseResult parsed, CliHost host, LedgerPlace? log, bool isLocal)
    {
        var folders = parsed.GetValue(_bundles) ?? [];
        var asked = folders.Length > 0 || parsed.GetValue(_store) is not null || Decisions.IsAsked(parsed)
            || (log is null && (parsed.GetValue(Decisions.Ledger.Storage) ?? parsed.GetValue(Decisions.Ledger.Endpoint)) is not null);
        if (!asked && !(isLocal && LocalSecrets.AuditMaster(host) is not null))
        {
            return (null, null);
        }

        if (!TryStore(host, parsed.GetValue(_store), out var store, out var error))
        {
            return (null, error);
        }

        var bundles = new List<PolicyBundle>();
        foreach (var folder in folders.Length > 0 ? folders : store is null ? [null] : Array.Empty<string?>())
        {
            switch (new BundleFolders(host).Load(folder))
            {
                case BundleOutcome.Loaded loaded:
                    bundles.Add(loaded.Bundle);
                    break;
                case BundleOutcome.Failed failed when asked:
                    return (null, failed.Error);
                case var _ when asked:
                    return (null, new CliError(ExitCode.Unsound, "bundle_unsound", $"the bundle in '{folder}' cannot be used: `proofgate policy check` says why."));
            }
        }

        return Decisions.TryOpener(parsed, host, log, out var opener, out error)
            ? (new Redecider(opener, new BundleShelf(bundles, store), Listed.Most, isOptional: !asked), null)
            : (null, error);
    }

    private static bool TryStore(CliHost host, string? named, out BundleContainer? store, [NotNullWhen(false)] out CliError? error)
    {
        (store, error) = (null, null);
        if (named is null || (named.Contains("://", StringComparison.Ordinal) && BundleContainer.TryOpen(named, out store)))
        {
            return true;
        }

        // What is none of the two may be a connection string or a signed address, and is not repeated.
        if (named.Split('/') is not [{ Length: > 0 } variable, { Length: > 0 } container] || !variable.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            error = CliError.Usage("bundle_store", "--bundle-store is neither the https address of a blob container nor the name of an environment variable, a slash and the container's name: correct it.");
        }
        else if (host.Variable(variable) is not { Length: > 0 } connection)
        {
            error = CliError.Usage("storage_variable", $"the environment variable {variable} of --bundle-store is not set: put the connection string into it.");
        }
        else if (!BundleContainer.TryConnect(connection, container, out store))
        {
            error = CliError.Usage("storage_malformed", $"the storage of {variable} is not described by a connection string: copy it again, whole and without quotes.");
        }

        return error is null;
    }
}
