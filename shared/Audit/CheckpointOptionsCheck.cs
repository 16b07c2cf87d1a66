using Microsoft.Extensions.Options;
using Proofgate.Audit.Cosigning;

namespace Proofgate.Audit;

/// <summary>Every error of <see cref="CheckpointOptions"/> at once, each naming its key.</summary>
internal sealed class CheckpointOptionsCheck : IValidateOptions<CheckpointOptions>
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, CheckpointOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(CheckpointOptions o)
    {
        if (o.KeyId is { } key && !IsVaultKey(key))
            yield return NotAKey(nameof(o.KeyId));
        if (o.FormerKeyId is { } former && !IsVaultKey(former))
            yield return NotAKey(nameof(o.FormerKeyId));
        if (o.FormerKeyId is not null && o.FormerKeyId == o.KeyId)
            yield return $"{Key(nameof(o.FormerKeyId))} is {nameof(o.KeyId)}: name the key that signed before.";
        if (o.Witnesses.Count > CheckpointOptions.MaxWitnesses)
            yield return $"{Key(nameof(o.Witnesses))} has {o.Witnesses.Count} entries; {CheckpointOptions.MaxWitnesses} are allowed.";
        if (o.WitnessInterval < TimeSpan.FromSeconds(1) || o.WitnessInterval > Longest)
            yield return $"{Key(nameof(o.WitnessInterval))} is {o.WitnessInterval:c} and must be 1 s to {Longest:c}.";
        if (o.WitnessTimeout < TimeSpan.FromMilliseconds(100) || o.WitnessTimeout > LongestAnswer)
            yield return $"{Key(nameof(o.WitnessTimeout))} is {o.WitnessTimeout:c} and must be 0.1 s to {LongestAnswer:c}.";
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < o.Witnesses.Count; i++)
        {
            if (!WitnessEndpoint.TryOf(o.Witnesses[i], out var witness, out var problem))
                yield return $"{Key(nameof(o.Witnesses))}:{i}:{problem}";
            else if (!keys.Add(Convert.ToBase64String(witness.Key.PublicKey.Span)))
                yield return $"{Key(nameof(o.Witnesses))}:{i}:{nameof(WitnessOptions.Key)} is there twice.";
        }
    }

    private static bool IsVaultKey(Uri address) =>
        address.IsAbsoluteUri && address.Scheme == Uri.UriSchemeHttps && address.Query.Length == 0 && address.Fragment.Length == 0 && address.UserInfo.Length == 0
        && address.AbsolutePath.Split('/') is ["", "keys", { Length: > 0 }, { Length: > 0 }];

    private static string NotAKey(string property) =>
        $"{Key(property)} must be the https address of a key with its version, such as https://name.vault.azure.net/keys/name/version.";

    private static string Key(string property) => $"{CheckpointOptions.Section}:{property}";
}
