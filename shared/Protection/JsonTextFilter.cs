using System.Buffers;
using System.Globalization;

namespace Proofgate.Protection;

/// <summary>
/// For texts that are JSON themselves, such as the arguments of a tool, or an answer in a format that was asked for. An escape in one of its strings
/// would hide a value from the rules and not from the tool: what the rules read has the characters that are meant, and what goes out is JSON again.
/// The quote and the backslash have their short escapes throughout; a half of a surrogate pair without the other is no character, and U+FFFD stands for it.
/// </summary>
public sealed class JsonTextFilter
{
    private const int LongestEscape = 6;
    private const char NoCharacter = '\uFFFD';

    private readonly char[] _escape = new char[2 * LongestEscape];
    private int _length;
    private bool _readsString;
    private bool _writesString;
    private bool _writesEscape;

    /// <summary>Whether an escape has begun and is not complete.</summary>
    public bool Holds => _length > 0;

    /// <summary>Equals what is released of the text however it is cut.</summary>
    /// <returns><paramref name="text"/> itself where nothing is redacted and nothing could have been hidden.</returns>
    public static string RedactWhole(RedactionPlan plan, string text, TextEnd end, KindCounts? redactions)
    {
        if (!IsAffected(text) || plan.IsOpen)
        {
            return Redactor.RedactWhole(plan, text, end, redactions);
        }

        var written = Write(Redactor.RedactWhole(plan, Read(text), end, redactions));
        return written == text ? text : written;
    }

    /// <summary>What a whole text means.</summary>
    public static string Read(string text)
    {
        var filter = new JsonTextFilter();
        var read = new ArrayBufferWriter<char>(Math.Max(1, text.Length));
        filter.Read(text, read);
        filter.EndRead(read);
        return read.WrittenSpan.ToString();
    }

    /// <summary>What <see cref="Read(string)"/> gave, as JSON again.</summary>
    public static string Write(string meant)
    {
        var written = new ArrayBufferWriter<char>(meant.Length + 16);
        new JsonTextFilter().Write(meant, written);
        return written.WrittenSpan.ToString();
    }

    /// <summary>What a text means in which JSON stands, wherever in it; for what is only looked at.</summary>
    /// <returns>Null if it means what it says.</returns>
    public static string? MeaningOf(ReadOnlySpan<char> text)
    {
        if (!text.Contains('\\'))
        {
            return null;
        }

        var filter = new JsonTextFilter();
        var read = new ArrayBufferWriter<char>(text.Length);
        foreach (var c in text)
        {
            filter._readsString = true;
            filter.Take(c, read);
        }

        filter.EndRead(read);
        return read.WrittenSpan.ToString();
    }

    /// <summary>Turns a piece into what is meant.</summary>
    public void Read(ReadOnlySpan<char> text, IBufferWriter<char> output)
    {
        foreach (var c in text)
        {
            Take(c, output);
        }
    }

    /// <summary>The text ends: an escape that is not complete stays as it is.</summary>
    public void EndRead(IBufferWriter<char> output)
    {
        var escape = _escape.AsSpan(0, _length);
        if (_length >= LongestEscape)
        {
            output.Write([NoCharacter]);
            escape = escape[LongestEscape..];
        }

        output.Write(escape);
        _length = 0;
    }

    /// <summary>Turns a piece of what was read into JSON again.</summary>
    public void Write(ReadOnlySpan<char> text, IBufferWriter<char> output)
    {
        foreach (var c in text)
        {
            if (_writesEscape)
            {
                _writesEscape = false;
            }
            else if (_writesString && c < ' ')
            {
                output.Write(Escaped(c));
                continue;
            }
            else
            {
                _writesEscape = _writesString && c == '\\';
                _writesString ^= c == '"';
            }

            output.Write([c]);
        }
    }

    public static bool IsAffected(ReadOnlySpan<char> text) => text.Contains('\\') || text.IndexOfAnyInRange('\0', '\u001f') >= 0;

    private void Take(char c, IBufferWriter<char> output)
    {
        if (_length == 0)
        {
            if (c == '\\' && _readsString)
            {
                _escape[_length++] = c;
                return;
            }

            _readsString ^= c == '"';
            output.Write([c]);
            return;
        }

        if (_length >= LongestEscape)
        {
            TakeSecondHalf(c, output);
            return;
        }

        if (_length > 1 && !char.IsAsciiHexDigit(c))
        {
            EndRead(output);
            Take(c, output);
            return;
        }

        _escape[_length++] = c;
        if (_escape[1] == 'u' && _length < LongestEscape)
        {
            return;
        }

        if (_escape[1] == 'u')
        {
            TakeCode(output);
        }
        else if (Meant(_escape[1]) is { } meant)
        {
            output.Write([meant]);
            _length = 0;
        }
        else
        {
            EndRead(output);
        }
    }

    private void TakeCode(IBufferWriter<char> output)
    {
        var c = CodeAt(2);
        if (char.IsHighSurrogate(c))
        {
            return;
        }

        output.Write(c switch { '"' => "\\\"", '\\' => "\\\\", _ => [char.IsSurrogate(c) ? NoCharacter : c] });
        _length = 0;
    }

    /// <summary>After the escape of the first half of a pair.</summary>
    private void TakeSecondHalf(char c, IBufferWriter<char> output)
    {
        var fits = (_length - LongestEscape) switch { 0 => c == '\\', 1 => c == 'u', _ => char.IsAsciiHexDigit(c) };
        if (fits)
        {
            _escape[_length++] = c;
            if (_length < _escape.Length)
            {
                return;
            }

            if (char.IsLowSurrogate(CodeAt(LongestEscape + 2)))
            {
                output.Write([CodeAt(2), CodeAt(LongestEscape + 2)]);
                _length = 0;
                return;
            }
        }

        Span<char> again = stackalloc char[LongestEscape + 1];
        var length = _length - LongestEscape;
        _escape.AsSpan(LongestEscape, length).CopyTo(again);
        if (!fits)
        {
            again[length++] = c;
        }

        output.Write([NoCharacter]);
        _length = 0;
        foreach (var next in again[..length])
        {
            Take(next, output);
        }
    }

    private char CodeAt(int index) => (char)ushort.Parse(_escape.AsSpan(index, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <returns>Null where the escape stays.</returns>
    private static char? Meant(char escape) => escape switch
    {
        '/' => '/',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\b',
        'f' => '\f',
        _ => null,
    };

    private static string Escaped(char c) => c switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\b' => "\\b",
        '\f' => "\\f",
        _ => $"\\u{(int)c:x4}",
    };
}
