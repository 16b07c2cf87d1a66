using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Proofgate.Cli.Ledger;
using Proofgate.Cli.Local;

namespace Proofgate.Cli.Commands;

/// <summary>The two options that say where tables are, and what is the matter when they cannot be used.</summary>
internal sealed class StorageChoice
{
    private readonly Option<string?> _storage = new("--storage")
    {
        HelpName = "VARIABLE",
        Description = $"Name of an environment variable with the storage account's connection string. Else {StateFile.FolderName}/{StateFile.Name}.",
    };

    private readonly Option<string?> _endpoint;

    /// <param name="command">Gets the options.</param>
    /// <param name="endpoint">What to say of <c>--table-endpoint</c>.</param>
    internal StorageChoice(Command command, string endpoint)
    {
        _endpoint = new Option<string?>("--table-endpoint") { HelpName = "URL", Description = endpoint };
        command.Add(_storage);
        command.Add(_endpoint);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_storage) is not null && result.GetValue(_endpoint) is not null)
            {
                result.AddError("--storage and --table-endpoint exclude each other");
            }
        });
    }

    /// <summary>Whether the local run's storage is meant, because none was named.</summary>
    internal bool IsLocal(ParseResult parsed) => parsed.GetValue(_storage) is null && parsed.GetValue(_endpoint) is null;

    internal bool TryOpen<T>(
        ParseResult parsed, CliHost host, Func<LedgerPlace, T> open, [NotNullWhen(true)] out T? opened, [NotNullWhen(true)] out LedgerPlace? place, [NotNullWhen(false)] out CliError? error)
        where T : class
    {
        opened = null;
        if (!new LedgerLocator(host).TryLocate(parsed.GetValue(_storage), parsed.GetValue(_endpoint), out place, out error))
        {
            return false;
        }

        try
        {
            opened = open(place);
            return true;
        }
        catch (Exception malformed) when (malformed is FormatException or ArgumentException or InvalidOperationException)
        {
            error = CliError.Usage("storage_malformed", $"{place.Named} is not described by a connection string: copy it again, whole and without quotes.");
            return false;
        }
    }

    /// <summary>For a storage that does not answer.</summary>
    internal CliError OutOfReach(ParseResult parsed, string what) => CliError.Unreachable(
        "storage_unreachable",
        IsLocal(parsed)
            ? $"{what}: is the local run going? Its storage ends with it; {StateFile.StartHint}."
            : $"{what}: check the address, and that you have the right.");
}
