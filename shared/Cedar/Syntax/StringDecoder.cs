using System.Globalization;
using System.Text;

namespace Proofgate.Cedar.Syntax;

/// <summary>Decodes what stands between the quotes of a literal. The escapes are those of Rust, and <c>\*</c> for a star in a pattern.</summary>
internal ref struct StringDecoder
{
    private const int LongestUnicodeEscape = 6;

    private readonly ReadOnlySpan<char> _raw;
    private readonly List<string>? _segments;
    private readonly StringBuilder _text = new();

    private StringDecoder(ReadOnlySpan<char> raw, List<string>? segments)
    {
        _raw = raw;
        _segments = segments;
    }

    /// <summary>Where decoding failed, counted in the raw text.</summary>
    public int FaultAt { get; private set; }

    /// <summary>Why, or null.</summary>
    public string? Fault { get; private set; }

    public static string? Decode(ReadOnlySpan<char> raw, out int faultAt, out string? fault)
    {
        faultAt = 0;
        fault = null;
        if (raw.IndexOfAny('\\', '\r') < 0)
            return raw.ToString();

        var decoder = new StringDecoder(raw, null);
        var done = decoder.Run();
        (faultAt, fault) = (decoder.FaultAt, decoder.Fault);
        return done ? decoder._text.ToString() : null;
    }

    /// <summary>The texts between the wildcards of a pattern, so one more than there are wildcards.</summary>
    public static string[]? DecodePattern(ReadOnlySpan<char> raw, out int faultAt, out string? fault)
    {
        var decoder = new StringDecoder(raw, []);
        var done = decoder.Run();
        (faultAt, fault) = (decoder.FaultAt, decoder.Fault);
        return done ? [.. decoder._segments!, decoder._text.ToString()] : null;
    }

    private bool Run()
    {
        for (var i = 0; i < _raw.Length;)
        {
            var length = _raw[i] switch
            {
                '\r' => Fail("a bare carriage return is not allowed in a string; write \\r"),
                '\\' => Escape(_raw[i..]),
                _ => Append(_raw[i], 1),
            };
            if (length == 0)
            {
                FaultAt = i;
                return false;
            }

            i += length;
        }

        return true;
    }

    private int Escape(ReadOnlySpan<char> at) => at.Length < 2
        ? Fail("a string cannot end in a backslash")
        : at[1] switch
        {
            'n' => Append('\n', 2),
            'r' => Append('\r', 2),
            't' => Append('\t', 2),
            '0' => Append('\0', 2),
            '\\' or '"' or '\'' => Append(at[1], 2),
            '*' when _segments is not null => Literally('*'),
            '*' => Fail("\\* is an escape in the pattern of `like` only"),
            'x' => HexEscape(at),
            'u' => UnicodeEscape(at),
            _ => Fail($"\\{at[1]} is not an escape; known are \\n \\r \\t \\0 \\\\ \\\" \\' \\x7F \\u{{10FFFF}}"),
        };

    private int HexEscape(ReadOnlySpan<char> at)
    {
        if (at.Length < 4 || !char.IsAsciiHexDigit(at[2]) || !char.IsAsciiHexDigit(at[3]) || at[2] > '7')
            return Fail("\\x needs two hexadecimal digits up to 7F; write \\u{...} for other characters");

        return Append((char)int.Parse(at[2..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), 4);
    }

    private int UnicodeEscape(ReadOnlySpan<char> at)
    {
        var close = at.IndexOf('}');
        if (at.Length < 3 || at[2] != '{' || close < 0)
            return Fail("\\u needs braces: \\u{1F600}");

        var value = 0;
        var digits = 0;
        foreach (var c in at[3..close])
        {
            if (c == '_' && digits > 0)
                continue;
            if (!char.IsAsciiHexDigit(c) || ++digits > LongestUnicodeEscape)
                return Fail("\\u{...} needs one to six hexadecimal digits");
            value = (value << 4) | (char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
        }

        if (digits == 0 || !Rune.TryCreate(value, out var rune))
            return Fail("\\u{...} needs the number of a character, which a surrogate is not");
        if (rune.IsBmp)
            return Append((char)value, close + 1);

        _text.Append(rune.ToString());
        return close + 1;
    }

    private readonly int Literally(char c)
    {
        _text.Append(c);
        return 2;
    }

    // As in the reference implementation, a star in a pattern that is written as a number is still a wildcard.
    private readonly int Append(char c, int length)
    {
        if (c == '*' && _segments is not null)
        {
            _segments.Add(_text.ToString());
            _text.Clear();
        }
        else
        {
            _text.Append(c);
        }

        return length;
    }

    private int Fail(string fault)
    {
        Fault = fault;
        return 0;
    }
}
