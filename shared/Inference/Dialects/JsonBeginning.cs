namespace Proofgate.Inference.Dialects;

/// <summary>
/// Tells by its first two characters, blanks apart, whether a text is JSON with strings in it: what a model says where a schema was asked for. Prose
/// begins so seldom that its backslashes are safe, and a text that is taken for JSON still reads the same.
/// </summary>
internal struct JsonBeginning
{
    private char _first;

    /// <returns>Null while more of the text is needed.</returns>
    internal bool? Of(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c is ' ' or '\t' or '\n' or '\r')
            {
                continue;
            }

            if (_first != '\0')
            {
                return c == '"' || (c == '{' && _first == '[');
            }

            if (c is not ('{' or '['))
            {
                return false;
            }

            _first = c;
        }

        return null;
    }
}
