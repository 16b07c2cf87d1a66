using System.Globalization;

namespace Proofgate.Protection.Automata;

/// <summary>
/// Reads the subset of .NET's regular expression syntax that rules are written in: literals, <c>\x</c> for a punctuation character,
/// <c>\uFFFF</c>, <c>[a-z]</c>, <c>(?:)</c>, <c>|</c>, <c>? * + {n} {n,} {n,m}</c> and the comment <c>(?#sensitive)</c>, which marks
/// the end of the sensitive prefix and stands outside all groups. Whatever is read here means the same to
/// <c>System.Text.RegularExpressions</c>.
/// </summary>
internal ref struct PatternParser
{
    private const string MarkText = "(?#sensitive)";
    private const int MaxRepeat = 1000;

    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private int _depth;

    private PatternParser(ReadOnlySpan<char> text) => _text = text;

    /// <exception cref="FormatException">The pattern is not in the subset.</exception>
    internal static PatternNode Parse(ReadOnlySpan<char> pattern)
    {
        var parser = new PatternParser(pattern);
        var node = parser.ReadChoice();
        return parser._at == pattern.Length ? node : throw parser.Wrong("unexpected character");
    }

    /// <summary>Reads one character class.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    internal static CharSet ParseSet(ReadOnlySpan<char> text) =>
        Parse(text) is PatternNode.One one ? one.Set : throw new FormatException($"'{text}' is not one character class.");

    private PatternNode ReadChoice()
    {
        List<PatternNode> branches = [ReadSequence()];
        while (TryTake('|'))
            branches.Add(ReadSequence());
        return branches.Count == 1 ? branches[0] : new PatternNode.Choice(branches);
    }

    private PatternNode ReadSequence()
    {
        List<PatternNode> parts = [];
        while (_at < _text.Length && _text[_at] is not ('|' or ')'))
            parts.Add(ReadRepeat());
        return parts.Count == 1 ? parts[0] : new PatternNode.Sequence(parts);
    }

    private PatternNode ReadRepeat()
    {
        if (_text[_at..].StartsWith(MarkText))
        {
            if (_depth > 0)
                throw Wrong("the mark must stand outside all groups");
            _at += MarkText.Length;
            return new PatternNode.Mark();
        }

        var part = ReadOne();
        if (TryTake('?'))
            return new PatternNode.Repeat(part, 0, 1);
        if (TryTake('*'))
            return new PatternNode.Repeat(part, 0, null);
        if (TryTake('+'))
            return new PatternNode.Repeat(part, 1, null);
        if (!TryTake('{'))
            return part;
        var min = ReadNumber();
        int? max = min;
        if (TryTake(','))
            max = _at < _text.Length && _text[_at] == '}' ? null : ReadNumber();
        Expect('}');
        return max < min ? throw Wrong("a repeat that ends before it begins") : new PatternNode.Repeat(part, min, max);
    }

    private PatternNode ReadOne()
    {
        if (TryTake('['))
            return new PatternNode.One(ReadSet());
        if (TryTake('('))
        {
            Expect('?');
            Expect(':');
            _depth++;
            var inner = ReadChoice();
            _depth--;
            Expect(')');
            return inner;
        }

        if (_text[_at] is '.' or '*' or '+' or '?' or '{' or '}' or ']' or '^' or '$')
            throw Wrong("this character must be escaped");
        var c = ReadCharacter();
        return new PatternNode.One(new CharSet([(c, c)]));
    }

    private CharSet ReadSet()
    {
        if (_at < _text.Length && _text[_at] == '^')
            throw Wrong("negated classes are not in the subset");
        List<(char From, char To)> ranges = [];
        while (!TryTake(']'))
        {
            var from = ReadCharacter();
            var to = from;
            if (_at + 1 < _text.Length && _text[_at] == '-' && _text[_at + 1] != ']')
            {
                _at++;
                to = ReadCharacter();
            }

            ranges.Add(from <= to ? (from, to) : throw Wrong("a range that ends before it begins"));
        }

        return new CharSet(ranges);
    }

    private char ReadCharacter()
    {
        if (_at == _text.Length)
            throw Wrong("unexpected end");
        var c = _text[_at++];
        if (c != '\\')
            return c;
        if (TryTake('u')
            && _at + 4 <= _text.Length
            && ushort.TryParse(_text.Slice(_at, 4), NumberStyles.AllowHexSpecifier, null, out var code))
        {
            _at += 4;
            return (char)code;
        }

        return _at < _text.Length && (char.IsAscii(_text[_at]) && !char.IsAsciiLetterOrDigit(_text[_at]))
            ? _text[_at++]
            : throw Wrong("this escape is not in the subset");
    }

    private int ReadNumber()
    {
        var from = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
            _at++;
        return int.TryParse(_text[from.._at], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MaxRepeat
            ? number
            : throw Wrong($"a repeat count from 0 to {MaxRepeat} is missing");
    }

    private bool TryTake(char c)
    {
        if (_at == _text.Length || _text[_at] != c)
            return false;
        _at++;
        return true;
    }

    private void Expect(char c)
    {
        if (!TryTake(c))
            throw Wrong($"'{c}' is missing");
    }

    private readonly FormatException Wrong(string why) => new($"Pattern '{_text}', position {_at}: {why}.");
}
