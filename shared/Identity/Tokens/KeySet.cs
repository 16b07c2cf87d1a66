namespace Proofgate.Identity.Tokens;

/// <summary>The keys of one issuer at one time. They are never looked up across issuers (B8).</summary>
internal sealed class KeySet(IReadOnlyList<SigningKey> keys)
{
    internal int Count => keys.Count;

    /// <param name="id">Null: any key that fits may have signed.</param>
    /// <param name="algorithm">Decides the kind of key, so that none is used in another's way (B1, B4).</param>
    internal IReadOnlyList<SigningKey> Find(string? id, SignatureAlgorithm algorithm) =>
        [.. keys.Where(k => (id is null || k.Id == id) && k.Fits(algorithm))];

    internal bool SameAs(IReadOnlyList<SigningKey> others) =>
        keys.Count == others.Count && keys.Zip(others).All(static pair => pair.First.SameAs(pair.Second));

    internal static KeySet Of(IReadOnlyList<SigningKey> keys, KeySet? before) => before is not null && before.SameAs(keys) ? before : new KeySet(keys);
}
