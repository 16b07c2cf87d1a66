using System.Diagnostics.CodeAnalysis;
using Proofgate.Audit.Notes;

namespace Proofgate.Audit.Cosigning;

/// <summary>A witness as the settings name it, checked.</summary>
/// <param name="Name">What health and logs call it.</param>
/// <param name="Key">Its key for cosignatures.</param>
/// <param name="AddCheckpoint">Where checkpoints are submitted.</param>
public sealed record WitnessEndpoint(string Name, VerifierKey Key, Uri AddCheckpoint)
{
    private const int MaxName = 64;

    internal static bool TryOf(
        WitnessOptions options, [NotNullWhen(true)] out WitnessEndpoint? endpoint, [NotNullWhen(false)] out string? problem)
    {
        (endpoint, problem) = (null, null);
        if (options.Name is not { Length: > 0 and <= MaxName } name || name.Any(char.IsControl))
            problem = $"{nameof(options.Name)} must have 1 to {MaxName} characters.";
        else if (!VerifierKey.TryParse(options.Key, out var key) || key.Type != NoteKeyType.Cosignature)
            problem = $"{nameof(options.Key)} must be a witness's verifier key (name+id+key of type 4), as `proofgate audit witness` prints it.";
        else if (!Uri.TryCreate(options.Address, UriKind.Absolute, out var address) || address.Query.Length > 0 || address.Fragment.Length > 0
            || address.UserInfo.Length > 0 || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
            problem = $"{nameof(options.Address)} must be an https address, or http on this machine.";
        else
            endpoint = new WitnessEndpoint(name, key, new Uri($"{address.ToString().TrimEnd('/')}/add-checkpoint"));
        return endpoint is not null;
    }

    /// <summary>Of settings that were checked.</summary>
    internal static IReadOnlyList<WitnessEndpoint> Of(CheckpointOptions options) =>
        [.. options.Witnesses.Select(static w => TryOf(w, out var endpoint, out _) ? endpoint : null).OfType<WitnessEndpoint>()];
}
