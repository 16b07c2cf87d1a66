using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Proofgate.Audit;

namespace Proofgate.Enforcement.Provenance;

/// <summary>
/// What is sealed in a token, big-endian: expiry (Unix seconds, 8 bytes), audit id (16), label, then 0 with a count (2) and the names of datasets, or 1 with
/// their digest (32). A text is its length in UTF-8 (2) and its bytes.
/// </summary>
internal static class LineagePayload
{
    private const byte Named = 0;
    private const byte Digested = 1;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <returns>Null where it is longer than any token.</returns>
    internal static byte[]? Write(LineageClaim claim)
    {
        var output = new ArrayBufferWriter<byte>(256);
        BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(8), claim.Expires.ToUnixTimeSeconds());
        output.Advance(8);
        claim.Id.Value.TryWriteBytes(output.GetSpan(16), bigEndian: true, out _);
        output.Advance(16);
        Text(output, claim.Label);
        if (!claim.Digest.IsEmpty)
        {
            output.Write([Digested]);
            output.Write(claim.Digest.Span);
            return output.WrittenSpan.ToArray();
        }

        output.Write([Named]);
        Number(output, Math.Min(claim.Datasets.Count, ushort.MaxValue));
        foreach (var name in claim.Datasets)
        {
            if (output.WrittenCount > LineageOptions.LongestToken || Utf8.GetByteCount(name) > LineageOptions.LongestToken)
            {
                return null;
            }

            Text(output, name);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <returns>Null where it is not what <see cref="Write"/> makes.</returns>
    internal static LineageClaim? Read(ReadOnlySpan<byte> content)
    {
        try
        {
            var expires = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(Take(ref content, 8)));
            var id = new AuditId(new Guid(Take(ref content, 16), bigEndian: true));
            var label = Text(ref content);
            var claim = Take(ref content, 1)[0] switch
            {
                Named => new LineageClaim { Id = id, Label = label, Datasets = Names(ref content), Expires = expires },
                Digested => new LineageClaim { Id = id, Label = label, Datasets = [], Digest = Take(ref content, SHA256.HashSizeInBytes).ToArray(), Expires = expires },
                _ => null,
            };
            return content.IsEmpty ? claim : null;
        }
        catch (ArgumentException)
        {
            // Too short, a time out of range, or no UTF-8.
            return null;
        }
    }

    private static List<string> Names(ref ReadOnlySpan<byte> content)
    {
        var count = BinaryPrimitives.ReadUInt16BigEndian(Take(ref content, 2));
        var names = new List<string>();
        for (var i = 0; i < count; i++)
        {
            names.Add(Text(ref content));
        }

        return names;
    }

    private static void Text(ArrayBufferWriter<byte> output, string text)
    {
        Number(output, Utf8.GetByteCount(text));
        output.Advance(Utf8.GetBytes(text, output.GetSpan(Utf8.GetMaxByteCount(text.Length))));
    }

    private static void Number(ArrayBufferWriter<byte> output, int number)
    {
        BinaryPrimitives.WriteUInt16BigEndian(output.GetSpan(2), checked((ushort)number));
        output.Advance(2);
    }

    private static string Text(ref ReadOnlySpan<byte> content) => Utf8.GetString(Take(ref content, BinaryPrimitives.ReadUInt16BigEndian(Take(ref content, 2))));

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> content, int length)
    {
        var taken = content[..length];
        content = content[length..];
        return taken;
    }
}
