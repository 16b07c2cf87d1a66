using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Evidence;
using Proofgate.Audit.Notes;
using Proofgate.AzureStores;
using Proofgate.Cli.Gateway;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;
using Proofgate.Client;

namespace Proofgate.Cli.Evidence;

/// <summary>The options that name the evidence, where it is, and its key.</summary>
internal sealed class EvidenceOptionSet
{
    internal Option<string?> Place { get; } = new("--evidence")
    {
        HelpName = "FOLDER|URL",
        Description = $"Folder with checkpoints, tiles and bundles, as `audit export` makes it, or the address of a gateway that serves them. Else {StateFile.FolderName}/{StateFile.Name}.",
    };

    internal Option<string?> Container { get; } = new("--container")
    {
        HelpName = "URL|VARIABLE",
        Description = "Blob container with the evidence: its https address, read as you (Storage Blob Data Reader is enough), or the name of an environment variable with the account's connection string.",
    };

    internal Option<string[]> Keys { get; } = new("--log-key")
    {
        HelpName = "VKEY",
        AllowMultipleArgumentsPerToken = true,
        Description = "Verifier key of the super-log, pinned out of band; after a change of the key both, the present one first. "
            + $"Else {StateFile.FolderName}/{StateFile.Name}, which is good for a local run only.",
    };

    internal Option<string?> KeyFileOption { get; } = new("--key-file")
    {
        HelpName = "FILE",
        Description = $"For a gateway: file that holds the key to present; entries need manage on the audit log. Else {Connector.KeyVariable}, else {StateFile.FolderName}/{KeyFile.AdministratorName}.",
    };

    internal Option<string?> Dpop { get; } = new("--dpop")
    {
        HelpName = "FILE",
        Description = "For a gateway: PEM file of the key pair that the presented key is bound to.",
    };

    internal void AddTo(Command command)
    {
        command.Add(Place);
        command.Add(Container);
        command.Add(Keys);
        command.Add(KeyFileOption);
        command.Add(Dpop);
        command.Validators.Add(result =>
        {
            if (result.GetValue(Place) is not null && result.GetValue(Container) is not null)
            {
                result.AddError("--evidence and --container exclude each other");
            }

            if (!IsAddress(result.GetValue(Place)) && (result.GetValue(KeyFileOption) ?? result.GetValue(Dpop)) is not null)
            {
                result.AddError("--key-file and --dpop go with the address of a gateway as --evidence");
            }
        });
    }

    internal bool IsNamed(ParseResult parsed) => (parsed.GetValue(Place) ?? parsed.GetValue(Container)) is not null;

    /// <param name="parsed">The command line.</param>
    /// <param name="host">The process.</param>
    /// <param name="printer">For remarks.</param>
    /// <param name="source">What the options name.</param>
    /// <param name="error">Why not.</param>
    /// <param name="wanted">What a gateway's checkpoints should have in cosignatures.</param>
    internal bool TryOpen(
        ParseResult parsed, CliHost host, Printer printer, [NotNullWhen(true)] out EvidenceSource? source, [NotNullWhen(false)] out CliError? error,
        Func<SignedNote, bool>? wanted = null)
    {
        source = null;
        var (place, container, keys) = (parsed.GetValue(Place), parsed.GetValue(Container), parsed.GetValue(Keys));
        var state = (place is null && container is null) || keys is not { Length: > 0 } ? StateFile.Find(host) : new StateSearch.Absent();
        if (state is StateSearch.Unusable unusable)
        {
            error = unusable.Error;
            return false;
        }

        var local = (state as StateSearch.Found)?.State;
        if (!TryPin(keys is { Length: > 0 } ? keys : local?.PinnedKeys ?? [], out var pinned, out var origin, out error))
        {
            return false;
        }

        if (IsAddress(place))
        {
            return TryGateway(parsed, host, printer, place!, pinned, origin, wanted, out source, out error);
        }

        return container is not null
            ? TryContainer(host, container, pinned, origin, out source, out error)
            : TryFolder(host, place, local?.Evidence, pinned, origin, out source, out error);
    }

    private static bool IsAddress(string? place) =>
        place is not null && (place.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || place.StartsWith("https://", StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads keys of one super-log.</summary>
    internal static bool TryPin(
        IReadOnlyList<string> texts, [NotNullWhen(true)] out IReadOnlyList<VerifierKey>? pinned, [NotNullWhen(true)] out LogOrigin? origin, [NotNullWhen(false)] out CliError? error)
    {
        (pinned, origin, error) = (null, null, null);
        if (texts.Count == 0)
        {
            error = CliError.Usage("log_key_unknown", "no key to verify with: pass --log-key with the super-log's verifier key, which you have from the operator by another way than this copy.");
            return false;
        }

        var keys = new List<VerifierKey>();
        foreach (var text in texts)
        {
            if (!VerifierKey.TryParse(text, out var key))
            {
                error = CliError.Usage("log_key_malformed", "--log-key is not a verifier key (name+id+key): copy it again, whole.");
                return false;
            }

            keys.Add(key);
        }

        if (keys.Exists(k => k.Name != keys[0].Name))
        {
            error = CliError.Usage("log_key_malformed", "--log-key names keys of several logs: they must all be of one super-log.");
        }
        else if ((origin = LogOrigin.OfSuperLog(keys[0].Name)) is null)
        {
            error = CliError.Usage("log_key_malformed", "--log-key is not a super-log's: its name ends in -super.");
        }

        pinned = keys;
        return error is null;
    }

    private static bool TryFolder(
        CliHost host, string? named, string? local, IReadOnlyList<VerifierKey> pinned, LogOrigin origin, [NotNullWhen(true)] out EvidenceSource? source, [NotNullWhen(false)] out CliError? error)
    {
        source = null;
        if ((named is null ? local : Path.Combine(host.Folder, named)) is not { } place)
        {
            error = CliError.Usage("evidence_unknown", $"no evidence is known here: pass --evidence or --container, or go to the folder of the local run ({StateFile.StartHint}).");
            return false;
        }

        if (!Directory.Exists(place))
        {
            error = CliError.Unreachable("evidence_unreadable", $"{place} does not exist: check --evidence.");
            return false;
        }

        source = new EvidenceSource(new FileEvidenceStore(place), pinned, origin, place);
        error = null;
        return true;
    }

    private static bool TryContainer(
        CliHost host, string named, IReadOnlyList<VerifierKey> pinned, LogOrigin origin, [NotNullWhen(true)] out EvidenceSource? source, [NotNullWhen(false)] out CliError? error)
    {
        (source, error) = (null, null);
        if (IsAddress(named))
        {
            // An address with a query may hold a signature, so it is not repeated.
            if (EvidenceContainer.TryOpen(named, out var store))
            {
                source = new EvidenceSource(store, pinned, origin, named);
                return true;
            }

            error = CliError.Usage("container_address", "--container is not an https address of a blob container, such as https://account.blob.core.windows.net/audit-evidence: correct it.");
            return false;
        }

        if (named.Length == 0 || !named.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            error = CliError.Usage("storage_variable", "--container takes an address or the name of an environment variable, not a connection string: others could read that.");
        }
        else if (host.Variable(named) is not { Length: > 0 } connection)
        {
            error = CliError.Usage("storage_variable", $"the environment variable {named} of --container is not set: put the connection string into it.");
        }
        else if (!EvidenceContainer.TryConnect(connection, out var store))
        {
            error = CliError.Usage("storage_malformed", $"the storage of {named} is not described by a connection string: copy it again, whole and without quotes.");
        }
        else
        {
            source = new EvidenceSource(store, pinned, origin, $"the container {EvidenceContainer.Name} of {named}");
        }

        return source is not null;
    }

    private bool TryGateway(
        ParseResult parsed, CliHost host, Printer printer, string address, IReadOnlyList<VerifierKey> pinned, LogOrigin origin, Func<SignedNote, bool>? wanted,
        [NotNullWhen(true)] out EvidenceSource? source, [NotNullWhen(false)] out CliError? error)
    {
        source = null;
        var connector = new Connector(host, printer.Remark, "--evidence");
        if (!connector.TryLocate(address, out var target, out error)
            || !connector.TryFindKey(
                parsed.GetValue(KeyFileOption), Connector.KeyVariable,
                target.KeysFolder is { } folder ? Path.Combine(folder, KeyFile.AdministratorName) : null, out var key, out error))
        {
            return false;
        }

        DpopKeyPair? pair = null;
        if (parsed.GetValue(Dpop) is { } file && !KeyPairFile.TryLoad(Path.Combine(host.Folder, file), printer.Remark, out pair, out error))
        {
            return false;
        }

        var client = new GatewayClient(new Connection(target, key, pair), host.Time);
        var fetch = new EvidenceFetch(client, key, host.Time);
        source = new EvidenceSource(new GatewayEvidence(fetch, origin, wanted, host.Time), pinned, origin, target.Address.AbsoluteUri) { Gateway = client, Fetch = fetch };
        return true;
    }
}
