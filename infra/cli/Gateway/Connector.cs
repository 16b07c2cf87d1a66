using System.Diagnostics.CodeAnalysis;
using Proofgate.Cli.Local;

namespace Proofgate.Cli.Gateway;

/// <summary>Finds the gateway and the credential: what was given, then the environment, then the local run.</summary>
internal sealed class Connector(CliHost host, Action<string> remark, string addressOption = "--gateway")
{
    internal const string AddressVariable = "PROOFGATE_GATEWAY";
    internal const string KeyVariable = "PROOFGATE_KEY";
    internal const string BootstrapVariable = "PROOFGATE_BOOTSTRAP_TOKEN";

    internal bool TryLocate(
        string? option, [NotNullWhen(true)] out GatewayTarget? target, [NotNullWhen(false)] out CliError? error)
    {
        target = null;
        error = null;
        var state = StateFile.Find(host);
        if ((option ?? NotEmpty(host.Variable(AddressVariable))) is { } given)
        {
            if (GatewayTarget.Check(given, out var address) is { } wrong)
            {
                error = CliError.Usage("gateway_address", $"{(option is null ? AddressVariable : addressOption)} {wrong}.");
                return false;
            }

            target = new GatewayTarget(address, null, KeysFolderFor(address, state)) { AddressOption = addressOption };
            return true;
        }

        switch (state)
        {
            case StateSearch.Found found when GatewayTarget.Check(found.State.Gateway, out var address) is null:
                target = new GatewayTarget(address, found.File, found.Folder);
                return true;
            case StateSearch.Unusable unusable:
                error = unusable.Error;
                return false;
            default:
                error = CliError.Usage(
                    "gateway_unknown",
                    $"no gateway is known here: pass --gateway URL, set {AddressVariable}, or go to the folder of the local run ({StateFile.StartHint}).");
                return false;
        }
    }

    /// <summary>Finds a key.</summary>
    /// <param name="keyFile">What <c>--key-file</c> or <c>--token-file</c> named.</param>
    /// <param name="variable">Environment variable that may hold it.</param>
    /// <param name="fallback">The local run's file, where there is one to fall back to.</param>
    internal bool TryFindKey(
        string? keyFile, string variable, string? fallback, [NotNullWhen(true)] out Credential? key, [NotNullWhen(false)] out CliError? error)
    {
        if (keyFile is null && NotEmpty(host.Variable(variable)) is { } text)
        {
            var secret = Secret.Parse(text);
            key = secret is null ? null : new Credential(secret, variable);
            error = key is null ? CliError.Usage("key_malformed", $"{variable} does not hold a key: copy it again, whole and without quotes.") : null;
            return key is not null;
        }

        var path = keyFile is null ? fallback : Path.Combine(host.Folder, keyFile);
        if (path is null || (keyFile is null && !File.Exists(path)))
        {
            key = null;
            error = CliError.Usage("key_missing", $"no key to present: set {variable} or name a file that holds one.");
            return false;
        }

        return TryRead(path, out key, out error);
    }

    private bool TryRead(string path, [NotNullWhen(true)] out Credential? key, [NotNullWhen(false)] out CliError? error)
    {
        key = null;
        error = null;
        try
        {
            if (KeyFile.Read(path) is not { } secret)
            {
                error = CliError.Usage("key_malformed", $"{path} does not hold a key: it must be one line with nothing else.");
                return false;
            }

            if (KeyFile.IsReadByOthers(path))
            {
                remark($"Other users can read {path}: chmod 600 it.");
            }

            key = new Credential(secret, path);
            return true;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            error = CliError.Unreachable("key_unreadable", $"{path} cannot be read: check that it exists and is yours.");
            return false;
        }
    }

    /// <summary>The keys beside a state file are those of its gateway: they are not sent to another one.</summary>
    private string? KeysFolderFor(Uri address, StateSearch state) => state switch
    {
        StateSearch.Absent => Path.Combine(host.Folder, StateFile.FolderName),
        StateSearch.Found found when GatewayTarget.Check(found.State.Gateway, out var local) is null && local == address => found.Folder,
        _ => null,
    };

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
