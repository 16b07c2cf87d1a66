namespace Proofgate.Inference.Recognisers;

/// <summary>Texts as one, for one request; what is found is found in one of them.</summary>
internal sealed class JoinedTexts
{
    /// <summary>The end of a sentence and of a paragraph: no name goes over it.</summary>
    private const string Between = "\n\n";

    private readonly List<(int Start, int End)> _parts = [];

    private JoinedTexts(List<string> texts)
    {
        foreach (var text in texts)
        {
            var start = _parts.Count == 0 ? 0 : _parts[^1].End + Between.Length;
            _parts.Add((start, start + text.Length));
        }

        Text = string.Join(Between, texts);
    }

    internal string Text { get; }

    /// <summary>In requests of about <paramref name="maxLength"/> characters; one text is never cut in two.</summary>
    internal static IEnumerable<JoinedTexts> Of(IEnumerable<string> texts, int maxLength)
    {
        var (batch, length) = (new List<string>(), 0);
        foreach (var text in texts.Where(static t => t.AsSpan().ContainsAnyExceptInRange('\0', '@')))
        {
            if (batch.Count > 0 && length + text.Length > maxLength)
            {
                yield return new JoinedTexts(batch);
                (batch, length) = ([], 0);
            }

            batch.Add(text);
            length += text.Length + Between.Length;
        }

        if (batch.Count > 0)
        {
            yield return new JoinedTexts(batch);
        }
    }

    /// <summary>The values from <paramref name="start"/> to <paramref name="end"/>, each within one text and whole words.</summary>
    internal IEnumerable<string> ValuesIn(int start, int end)
    {
        foreach (var (from, to) in _parts)
        {
            var (first, last) = (Math.Max(from, start), Math.Min(to, end));
            while (first < last && !NamedValues.IsWord(Text[first]))
            {
                first++;
            }

            while (last > first && !NamedValues.IsWord(Text[last - 1]))
            {
                last--;
            }

            if (first >= last)
            {
                continue;
            }

            // A part of a word is hidden with the word: a value is looked for as words of its own.
            while (first > from && NamedValues.IsWord(Text[first - 1]))
            {
                first--;
            }

            while (last < to && NamedValues.IsWord(Text[last]))
            {
                last++;
            }

            yield return Text[first..last];
        }
    }
}
