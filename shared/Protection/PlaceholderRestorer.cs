using System.Buffers;
using Proofgate.Protection.Matching;

namespace Proofgate.Protection;

/// <summary>
/// Puts values back into one text of an answer that arrives in pieces. After redaction, and only in text that a person or a permitted tool
/// reads: whoever makes one for a tool's arguments has asked <c>useTool</c> and <c>disclose</c> for that tool. Not thread-safe.
/// </summary>
/// <remarks>
/// A placeholder of a kind that the caller may not see becomes its mask; one of another call stays as it is. Text is held from a bracket
/// on, as long as it can still become a placeholder.
/// </remarks>
public sealed class PlaceholderRestorer
{
    private readonly PlaceholderMap _map;
    private readonly IReadOnlySet<Kind> _revealed;
    private readonly char[] _held = new char[PlaceholderText.MaxLength];
    private int _length;

    /// <summary>Restores values of the kinds <paramref name="revealed"/> to the caller.</summary>
    public PlaceholderRestorer(PlaceholderMap map, IReadOnlySet<Kind> revealed)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(revealed);
        (_map, _revealed) = (map, revealed);
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
                released.Write(open < 0 ? text : text[..open]);
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
                released.Write(text[..1]);
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
            released.Write(_revealed.Contains(found.Kind) ? found.Value : $"[{found.Kind.Name}]");
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
}
