using System.Text;

namespace Proofgate.Inference.Dialects;

/// <summary>The texts of an answer that is held until a recogniser has looked at it, as they are meant: what came in pieces is whole.</summary>
internal sealed class HeardTexts
{
    private readonly Dictionary<SlotKey, StringBuilder> _pieces = [];
    private readonly HashSet<string> _wholes = new(StringComparer.Ordinal);

    internal IReadOnlyList<string> All => [.. _pieces.Values.Select(static t => t.ToString()).Concat(_wholes).Distinct(StringComparer.Ordinal)];

    internal void Add(in SlotKey key, ReadOnlySpan<char> piece)
    {
        if (!_pieces.TryGetValue(key, out var text))
        {
            _pieces.Add(key, text = new StringBuilder());
        }

        text.Append(piece);
    }

    internal void Add(string whole) => _wholes.Add(whole);

    internal string TextOf(in SlotKey key) => _pieces.TryGetValue(key, out var text) ? text.ToString() : string.Empty;
}
