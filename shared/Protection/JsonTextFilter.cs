using System.Buffers;
using System.Globalization;

namespace Proofgate.Protection;

/// <summary>
/// For texts that are JSON themselves, such as the arguments of a tool. An escape in one of its strings would hide a value from the rules and not
/// from the tool: what the rules read has the characters that are meant, and what goes out is JSON again. The quote and the backslash keep
/// their escapes throughout, and so do halves of surrogate pairs.
/// </summary>
public sealed class JsonTextFilter
{
    private const int LongestEscape = 6;

    private readonly char[] _escape = new char[LongestEscape];
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
        if (!IsAffected(text) || plan.Rules.Kinds.All(plan.Revealed.Contains))
        {
            return Redactor.RedactWhole(plan, text, end, redactions);
        }

        var filter = new JsonTextFilter();
        var read = new ArrayBufferWriter<char>(text.Length);
        filter.Read(text, read);
        filter.EndRead(read);
        var meant = read.WrittenSpan.ToString();
        var written = new ArrayBufferWriter<char>(text.Length + 16);
        filter.Write(Redactor.RedactWhole(plan, meant, end, redactions), written);
        return written.WrittenSpan.SequenceEqual(text) ? text : written.WrittenSpan.ToString();
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
        output.Write(_escape.AsSpan(0, _length));
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

        if (Meant() is { } meant)
        {
            output.Write([meant]);
            _length = 0;
        }
        else
        {
            EndRead(output);
        }
    }

    /// <returns>Null where the escape stays.</returns>
    private char? Meant()
    {
        switch (_escape[1])
        {
            case '/':
                return '/';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'u':
                var c = (char)ushort.Parse(_escape.AsSpan(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                return char.IsSurrogate(c) || c is '"' or '\\' ? null : c;
            default:
                return null;
        }
    }

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
