using System.Diagnostics.CodeAnalysis;
using Proofgate.Audit.Evidence;
using Proofgate.Audit.Notes;
using Proofgate.Cli.Local;

namespace Proofgate.Cli.Evidence;

/// <summary>A folder of evidence and the keys that its log is pinned to: what was given, else the local run's.</summary>
/// <param name="Store">The folder.</param>
/// <param name="Keys">The super-log's keys, the present one first.</param>
/// <param name="Named">How the folder is shown.</param>
internal sealed record EvidenceSource(FileEvidenceStore Store, IReadOnlyList<VerifierKey> Keys, string Named)
{
    /// <summary>The one that signs now.</summary>
    internal VerifierKey Key => Keys[0];

    internal static bool TryLocate(
        CliHost host, string? folder, string[]? keys, [NotNullWhen(true)] out EvidenceSource? source, [NotNullWhen(false)] out CliError? error)
    {
        source = null;
        var state = folder is null || keys is not { Length: > 0 } ? StateFile.Find(host) : new StateSearch.Absent();
        if (state is StateSearch.Unusable unusable)
        {
            error = unusable.Error;
            return false;
        }

        var local = (state as StateSearch.Found)?.State;
        if ((folder is null ? local?.Evidence : Path.Combine(host.Folder, folder)) is not { } place)
        {
            error = CliError.Usage("evidence_unknown", $"no evidence is known here: pass --evidence FOLDER, or go to the folder of the local run ({StateFile.StartHint}).");
            return false;
        }

        if (!Directory.Exists(place))
        {
            error = CliError.Unreachable("evidence_unreadable", $"{place} does not exist: check --evidence.");
            return false;
        }

        if (!TryPin(keys is { Length: > 0 } ? keys : local?.PinnedKeys ?? [], out var pinned, out error))
        {
            return false;
        }

        source = new EvidenceSource(new FileEvidenceStore(place), pinned, place);
        error = null;
        return true;
    }

    /// <summary>Reads keys of one super-log.</summary>
    internal static bool TryPin(
        IReadOnlyList<string> texts, [NotNullWhen(true)] out IReadOnlyList<VerifierKey>? pinned, [NotNullWhen(false)] out CliError? error)
    {
        pinned = null;
        error = texts.Count == 0
            ? CliError.Usage("log_key_unknown", "no key to verify with: pass --log-key with the super-log's verifier key, which you have from the operator by another way than this copy.")
            : null;
        var keys = new List<VerifierKey>();
        foreach (var text in texts)
        {
            if (VerifierKey.TryParse(text, out var key))
            {
                keys.Add(key);
            }
            else
            {
                error = CliError.Usage("log_key_malformed", "--log-key is not a verifier key (name+id+key): copy it again, whole.");
            }
        }

        if (error is null && keys.Exists(k => k.Name != keys[0].Name))
        {
            error = CliError.Usage("log_key_malformed", "--log-key names keys of several logs: they must all be of one super-log.");
        }

        pinned = error is null ? keys : null;
        return error is null;
    }
}
