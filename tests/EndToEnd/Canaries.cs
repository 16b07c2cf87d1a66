using System.Text;

namespace Proofgate.EndToEnd;

/// <summary>Strings that stand nowhere else, one for each place that content can come from, so that whoever finds one knows its way.</summary>
internal sealed class Canaries
{
    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal);

    internal int Count => _places.Count;

    /// <summary>A new one. Letters and digits, and a dash where a place allows it: every spelling of it is its own.</summary>
    internal string At(string place)
    {
        var canary = $"Canary{_places.Count:D3}q{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6))}";
        _places.Add(canary, place);
        return canary;
    }

    /// <summary>Places whose canary is in these bytes: as it is, in lower case, in UTF-16, in hex, or inside base64.</summary>
    internal IEnumerable<string> FoundIn(string where, ReadOnlyMemory<byte> bytes)
    {
        foreach (var (canary, place) in _places)
        {
            if (Spellings(canary).Any(s => bytes.Span.IndexOf(s) >= 0))
            {
                yield return $"{place} ({canary}) in {where}";
            }
        }
    }

    internal IEnumerable<string> FoundIn(string where, string text) => FoundIn(where, Encoding.UTF8.GetBytes(text));

    private static IEnumerable<byte[]> Spellings(string canary)
    {
        var plain = Encoding.UTF8.GetBytes(canary);
        yield return plain;
        yield return Encoding.UTF8.GetBytes(canary.ToLowerInvariant());
        yield return Encoding.UTF8.GetBytes(canary.ToUpperInvariant());
        yield return Encoding.Unicode.GetBytes(canary);
        yield return Encoding.UTF8.GetBytes(Convert.ToHexStringLower(plain));
        yield return Encoding.UTF8.GetBytes(Convert.ToHexString(plain));
        // What stands before it in base64 moves it by 0, 1 or 2 bytes; the characters that it alone decides are the same.
        for (var shift = 0; shift < 3; shift++)
        {
            var encoded = Convert.ToBase64String([.. new byte[shift], .. plain]);
            var whole = encoded[(shift == 0 ? 0 : 4)..^4];
            yield return Encoding.UTF8.GetBytes(whole);
            yield return Encoding.UTF8.GetBytes(whole.Replace('+', '-').Replace('/', '_'));
        }
    }
}
