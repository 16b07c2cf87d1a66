using System.Buffers.Text;
using System.Text;

namespace Proofgate.Audit.Events;

/// <summary>Reads the fixed spelling of an envelope, byte by byte.</summary>
internal ref struct EnvelopeCursor(ReadOnlySpan<byte> body)
{
    private const int MaxKindLength = 32;

    private readonly ReadOnlySpan<byte> _body = body;

    internal int Position { get; private set; }

    internal readonly bool At(byte next) => Position < _body.Length && _body[Position] == next;

    internal bool Take(ReadOnlySpan<byte> text)
    {
        if (!_body[Position..].StartsWith(text))
            return false;
        Position += text.Length;
        return true;
    }

    /// <summary>The next bytes; fewer if the body ends.</summary>
    internal ReadOnlySpan<byte> Slice(int length)
    {
        var slice = _body[Position..];
        slice = slice[..Math.Min(length, slice.Length)];
        Position += slice.Length;
        return slice;
    }

    internal bool TakeGuid(out AuditId id)
    {
        var text = Slice(36);
        Span<byte> written = stackalloc byte[36];
        var read = Utf8Parser.TryParse(text, out Guid value, out var used, 'D') && used == 36;
        id = new AuditId(value);
        // Only lower-case digits are canonical.
        return read && Utf8Formatter.TryFormat(value, written, out _, 'D') && written.SequenceEqual(text);
    }

    internal bool TakeNumber(out long number)
    {
        var rest = _body[Position..];
        if (!Utf8Parser.TryParse(rest, out number, out var used) || number < 1 || rest[0] is (byte)'0' or (byte)'+')
            return false;
        Position += used;
        return true;
    }

    internal bool TakeKind(out string kind)
    {
        var rest = _body[Position..];
        var length = rest[..Math.Min(rest.Length, MaxKindLength + 1)].IndexOfAnyExceptInRange((byte)'a', (byte)'z');
        kind = "";
        if (length < 1 || EventKinds.IsWriters(rest[..length]))
            return false;
        kind = KnownOrNew(rest[..length]);
        Position += length;
        return true;
    }

    private static string KnownOrNew(ReadOnlySpan<byte> kind)
    {
        foreach (var known in EventKinds.Published)
        {
            if (Ascii.Equals(kind, known))
                return known;
        }

        return Encoding.ASCII.GetString(kind);
    }
}
