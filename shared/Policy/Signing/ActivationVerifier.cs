using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace Proofgate.Policy.Signing;

/// <summary>Whether a record of activation was signed by who may: asked by each instance of each record, wherever it comes from.</summary>
internal sealed class ActivationVerifier(IOptions<PolicyOptions> options)
{
    private readonly FrozenDictionary<string, PolicyPublicKey> _people = Read(options.Value.TrustedKeys);
    private readonly FrozenDictionary<string, PolicyPublicKey> _hosts = Read(options.Value.HostKeys);

    internal ActivationVerdict Verify(StoredActivation stored)
    {
        if (!SignedStatement.TryRead(stored.Bundle.Span, out var signedBundle) || !BundleStatement.TryRead(signedBundle, out var bundle)
            || !SignedStatement.TryRead(stored.Activation.Span, out var signed) || !ActivationStatement.TryRead(signed, out var activation))
        {
            return Refused("its statements are not what this version writes");
        }

        if (JudgeAuthor(signedBundle) is { } problem)
        {
            return new ActivationVerdict.Refused(problem);
        }

        var key = _people.GetValueOrDefault(signed.Key) ?? (options.Value.RequireApproval ? null : _hosts.GetValueOrDefault(signed.Key));
        if (key is null)
        {
            return Refused(options.Value.RequireApproval
                ? $"the key '{signed.Key}' of its activation is not one of the people in Proofgate:Policy:TrustedKeys, and approval is required"
                : $"the key '{signed.Key}' of its activation is not trusted here");
        }

        if (options.Value.RequireApproval && signed.Key == signedBundle.Key)
        {
            return Refused("its author approved it, and another person must");
        }

        if (!signed.IsSignedBy(key))
        {
            return Refused($"the signature of its activation is not that of '{signed.Key}'");
        }

        return activation.Sequence != stored.Sequence ? Refused("it is stored under another number than was signed")
            : activation.Digest != bundle.Digest ? Refused("the activation is of another bundle than the author's statement")
            : activation.Act == ActivationStatement.Activate && activation.Previous != bundle.Previous
                ? Refused("its author made it to follow another bundle than the one that it replaces")
            : new ActivationVerdict.Verified(new Activation
            {
                Sequence = activation.Sequence,
                Digest = activation.Digest,
                Previous = activation.Previous,
                RollsBack = activation.Act == ActivationStatement.RollBack,
                Author = bundle.Author,
                By = activation.By,
                Time = activation.Time,
            });
    }

    /// <returns>Why the author's signature counts for nothing; null if it holds.</returns>
    internal string? JudgeAuthor(SignedStatement bundle) => !_people.TryGetValue(bundle.Key, out var author)
        ? $"The author's key '{bundle.Key}' is not one of Proofgate:Policy:TrustedKeys."
        : bundle.IsSignedBy(author) ? null : $"The author's signature is not that of '{bundle.Key}'.";

    private static ActivationVerdict.Refused Refused(string problem) => new($"The record is not taken: {problem}.");

    private static FrozenDictionary<string, PolicyPublicKey> Read(IDictionary<string, string> keys) => keys.ToFrozenDictionary(
        static k => k.Key, static k => PolicyPublicKey.TryParse(k.Value, out var key) ? key : throw new InvalidOperationException("Options are checked at start."),
        StringComparer.Ordinal);
}
