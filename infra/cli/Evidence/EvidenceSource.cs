using System.Diagnostics.CodeAnalysis;
using Proofgate.Audit.Evidence;
using Proofgate.Audit.Notes;
using Proofgate.Cli.Local;

namespace Proofgate.Cli.Evidence;

/// <summary>A folder of evidence and the key that its log is pinned to: what was given, else the local run's.</summary>
/// <param name="Store">The folder.</param>
/// <param name="Key">The super-log's key.</param>
/// <param name="Named">How the folder is shown.</param>
internal sealed record EvidenceSource(FileEvidenceStore Store, VerifierKey Key, string Named)
{
    internal static bool TryLocate(
        CliHost host, string? folder, string? key, [NotNullWhen(true)] out EvidenceSource? source, [NotNullWhen(false)] out CliError? error)
    {
        source = null;
        var state = folder is null || key is null ? StateFile.Find(host) : new StateSearch.Absent();
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

        if ((key ?? local?.LogKey) is not { } text)
        {
            error = CliError.Usage("log_key_unknown", "no key to verify with: pass --log-key with the super-log's verifier key, which you have from the operator by another way than this copy.");
            return false;
        }

        if (!VerifierKey.TryParse(text, out var pinned))
        {
            error = CliError.Usage("log_key_malformed", "--log-key is not a verifier key (name+id+key): copy it again, whole.");
            return false;
        }

        source = new EvidenceSource(new FileEvidenceStore(place), pinned, place);
        error = null;
        return true;
    }
}
