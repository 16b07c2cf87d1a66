using Proofgate.Audit.Notes;

namespace Proofgate.Audit.Checkpoints;

/// <summary>The public keys under which a deployment's logs may be signed: those that the reader knows, and those that changes lead to from them.</summary>
public sealed class LogKeys
{
    private readonly List<VerifierKey> _keys;

    /// <param name="pinned">What the reader was told out of band; the names do not matter.</param>
    /// <param name="changes">Changes that the super-log holds, oldest first.</param>
    public LogKeys(IEnumerable<VerifierKey> pinned, IEnumerable<KeyChange> changes)
    {
        _keys = [.. pinned];
        var open = changes.ToList();
        // In either direction: the old key says whom it hands over to, the new one whom it follows.
        while (open.FindIndex(c => Has(c.Old) || Has(c.New)) is var at and >= 0)
        {
            foreach (var key in (VerifierKey[])[open[at].Old, open[at].New])
            {
                if (!Has(key))
                    _keys.Add(key);
            }

            open.RemoveAt(at);
        }
    }

    /// <summary>The keys under the name of a log's origin, as they sign its checkpoints.</summary>
    public IReadOnlyList<VerifierKey> For(string origin) => [.. _keys.Select(k => k.Named(origin)).Distinct()];

    private bool Has(VerifierKey key) => _keys.Exists(k => k.Type == key.Type && k.PublicKey.Span.SequenceEqual(key.PublicKey.Span));
}
