namespace Proofgate.Inference.Recognisers;

/// <summary>Presidio counts in code points, as Python does; a text here is counted in UTF-16 units, of which a character beyond the basic plane has two.</summary>
internal sealed class CodePoints
{
    private readonly int[]? _at;
    private readonly int _length;

    internal CodePoints(string text)
    {
        _length = text.Length;
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return;
        }

        var at = new List<int>(text.Length + 1);
        for (var i = 0; i < text.Length; i++)
        {
            at.Add(i);
            i += char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 1 : 0;
        }

        _at = [.. at, text.Length];
    }

    /// <summary>How many there are.</summary>
    internal int Count => _at is null ? _length : _at.Length - 1;

    /// <summary>Where a code point begins; of the number of all of them, the end.</summary>
    internal int IndexOf(int codePoint) => _at is null ? codePoint : _at[codePoint];
}
