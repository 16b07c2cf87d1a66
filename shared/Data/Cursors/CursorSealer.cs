using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Proofgate.Audit.Sealing;
using Proofgate.Data.Planning;

namespace Proofgate.Data.Cursors;

/// <summary>
/// Makes cursors and opens them: the values of the last row, encrypted and authenticated (AES-256-GCM) for what they belong to. Whoever changes one, or uses it
/// for another query, has no cursor.
/// </summary>
internal sealed class CursorSealer(DataSecrets secrets)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>The length of a cursor tells no more of the values than this.</summary>
    private const int Block = 64;

    internal string Seal(CursorBinding binding, IReadOnlyList<Cell> values)
    {
        var plain = Write(values);
        var sealedBytes = new byte[NonceLength + plain.Length + TagLength];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, NonceLength));
        using var cipher = CipherOf(binding);
        cipher.Encrypt(
            sealedBytes.AsSpan(0, NonceLength), plain, sealedBytes.AsSpan(NonceLength, plain.Length), sealedBytes.AsSpan(NonceLength + plain.Length), binding.Digest.Span);
        return Base64Url.EncodeToString(sealedBytes);
    }

    /// <summary>The values, of the types of the order; null if it is no cursor for this.</summary>
    internal IReadOnlyList<Cell>? Open(string cursor, CursorBinding binding, IReadOnlyList<OrderTerm> order)
    {
        if (!Base64Url.IsValid(cursor))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(cursor);
        if (bytes.Length < NonceLength + TagLength + Block)
        {
            return null;
        }

        var plain = new byte[bytes.Length - NonceLength - TagLength];
        try
        {
            using var cipher = CipherOf(binding);
            cipher.Decrypt(bytes.AsSpan(0, NonceLength), bytes.AsSpan(NonceLength, plain.Length), bytes.AsSpan(NonceLength + plain.Length), plain, binding.Digest.Span);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        var values = Read(plain);
        return values.Count == order.Count && values.Zip(order).All(static p => p.First.IsNull || p.First.Kind == Types.CellOf(p.Second.Column.Type)) ? values : null;
    }

    private AesGcm CipherOf(CursorBinding binding) => new(secrets.Cursors(binding.Tenant, binding.Subject, binding.Client), TagLength);

    private static byte[] Write(IReadOnlyList<Cell> values)
    {
        using var output = new MemoryStream();
        using var writer = new BinaryWriter(output, Encoding.UTF8);
        writer.Write((byte)values.Count);
        foreach (var value in values)
        {
            writer.Write((byte)value.Kind);
            if (value.Kind == CellKind.Text)
            {
                writer.Write(value.Text);
            }
            else if (!value.IsNull)
            {
                writer.Write(value.Kind == CellKind.Number ? BitConverter.DoubleToInt64Bits(value.Number) : value.Integer);
            }
        }

        writer.Flush();
        output.SetLength((output.Length + Block - 1) / Block * Block);
        return output.ToArray();
    }

    /// <summary>What was authenticated is what was written: it needs no checks of its own.</summary>
    private static List<Cell> Read(byte[] plain)
    {
        using var reader = new BinaryReader(new MemoryStream(plain), Encoding.UTF8);
        var values = new List<Cell>();
        for (var left = reader.ReadByte(); left > 0; left--)
        {
            values.Add((CellKind)reader.ReadByte() switch
            {
                CellKind.Text => Cell.Of(reader.ReadString()),
                CellKind.Integer => Cell.Of(reader.ReadInt64()),
                CellKind.Number => Cell.Of(BitConverter.Int64BitsToDouble(reader.ReadInt64())),
                CellKind.Boolean => Cell.Of(reader.ReadInt64() != 0),
                CellKind.Datetime => Cell.Datetime(reader.ReadInt64()),
                _ => Cell.Null,
            });
        }

        return values;
    }
}
