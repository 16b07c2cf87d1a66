using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Proofgate.Protection.Matching;

namespace Proofgate.Protection;

/// <summary>
/// Puts values back into one text of an answer that arrives in pieces. After redaction, and only in text that a person or a permitted tool
/// reads: whoever makes one for a tool's arguments has asked <c>useTool</c> and <c>disclose</c> for that tool. Not thread-safe.
/// </summary>
/// <remarks>
/// A placeholder of a kind that is not put back becomes its mask; one of another call stays as it is. Text is held from a bracket
/// on, as long as it can still become a placeholder. In a text that is JSON a value inside a string is written with the escapes that it needs.
/// </remarks>
public sealed class PlaceholderRestorer
{
    private readonly PlaceholderMap _map;
    private readonly IReadOnlySet<Kind> _revealed;
    private readonly KindCounts? _restored;
    private readonly bool _isJson;
    private readonly char[] _held = new char[PlaceholderText.MaxLength];
    private int _length;
    private bool _inString;
    private bool _inEscape;

    /// <summary>Restores values of the kinds <paramref name="revealed"/> to the caller.</summary>
    /// <param name="map">The call's placeholders.</param>
    /// <param name="revealed">What is put back.</param>
    /// <param name="isJson">Whether the text is JSON itself.</param>
    /// <param name="restored">Counts the values that were put back; null where nobody asks.</param>
    public PlaceholderRestorer(PlaceholderMap map, IReadOnlySet<Kind> revealed, bool isJson = false, KindCounts? restored = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(revealed);
        (_map, _revealed, _isJson, _restored) = (map, revealed, isJson, restored);
    }

    /// <summary>The same for a text that is known as a whole.</summary>
    /// <returns><paramref name="text"/> itself if nothing in it could be a placeholder.</returns>
    public static string RestoreWhole(PlaceholderMap map, IReadOnlySet<Kind> revealed, string text, bool isJson = false, KindCounts? restored = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Contains('['))
            return text;
        var restorer = new PlaceholderRestorer(map, revealed, isJson, restored);
        var released = new ArrayBufferWriter<char>(text.Length + 64);
        restorer.Push(text, released);
        restorer.Complete(released);
        return released.WrittenSpan.SequenceEqual(text) ? text : released.WrittenSpan.ToString();
    }

    /// <summary>Characters received and not written yet.</summary>
    public int HeldLength => _length;

    /// <summary>Takes the next piece and writes what is certain.</summary>
    public void Push(ReadOnlySpan<char> text, IBufferWriter<char> released)
    {
        ArgumentNullException.ThrowIfNull(released);
        while (!text.IsEmpty)
        {
            if (_length == 0)
            {
                var open = text.IndexOf('[');
                Pass(open < 0 ? text : text[..open], released);
                if (open < 0)
                    return;
                text = text[open..];
                Hold(ref text);
            }

            var c = text.IsEmpty ? '\0' : text[0];
            if (text.IsEmpty)
                return;
            if (c == ']')
            {
                Hold(ref text);
                Close(released);
            }
            else if (PlaceholderText.IsInner(c) && _length < PlaceholderText.MaxLength - 1)
            {
                Hold(ref text);
            }
            else
            {
                Complete(released);
                if (c == '[')
                    continue;
                Pass(text[..1], released);
                text = text[1..];
            }
        }
    }

    /// <summary>Ends the text: what is held is no placeholder. It is ready for another text then.</summary>
    public void Complete(IBufferWriter<char> released)
    {
        ArgumentNullException.ThrowIfNull(released);
        released.Write(_held.AsSpan(0, _length));
        _length = 0;
    }

    private void Hold(ref ReadOnlySpan<char> text)
    {
        _held[_length++] = text[0];
        text = text[1..];
    }

    private void Close(IBufferWriter<char> released)
    {
        var held = _held.AsSpan(0, _length);
        if (_map.TryGet(held, out var found))
        {
            if (found.Value is { } value && _revealed.Contains(found.Kind))
            {
                _restored?.Add(found.Kind);
                WriteValue(value, released);
            }
            else
            {
                released.Write($"[{found.Kind.Name}]");
            }
        }
        else if (held.Length > 1 && held[1] == '=' && PlaceholderText.IsLike(held))
        {
            released.Write("[");
            released.Write(held[2..]);
        }
        else
        {
            released.Write(held);
        }

        _length = 0;
    }

    /// <summary>What is held has no quote and no backslash: only what passes can begin or end a string.</summary>
    private void Pass(ReadOnlySpan<char> text, IBufferWriter<char> released)
    {
        released.Write(text);
        if (!_isJson)
            return;
        foreach (var c in text)
        {
            if (_inEscape)
                _inEscape = false;
            else if (c == '\\' && _inString)
                _inEscape = true;
            else if (c == '"')
                _inString = !_inString;
        }
    }

    private void WriteValue(string value, IBufferWriter<char> released) =>
        released.Write(_inString ? JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value : value);
}
