using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Proofgate.Policy.Signing;

namespace Proofgate.Policy.Bundles;

/// <summary>
/// A bundle as its author hands it on: <c>PGBUNDLE1\n</c>, the length of the author's statement (4 bytes, big-endian), the statement, then the pack.
/// </summary>
public sealed record SignedBundle(SignedStatement Statement, ReadOnlyMemory<byte> Pack, IReadOnlyDictionary<string, byte[]> Files)
{
    public const int MaxBytes = BundlePack.MaxBytes + SignedStatement.MaxBytes + 14;

    private static ReadOnlySpan<byte> Magic => "PGBUNDLE1\n"u8;

    /// <summary>SHA-256 over the files, as <see cref="PolicyBundle.Digest"/>.</summary>
    public string Digest { get; } = BundleLoader.Digest(Files);

    public byte[] Encode()
    {
        var statement = Statement.Encode();
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, statement.Length);
        return [.. Magic, .. length, .. statement, .. Pack.Span];
    }

    /// <summary>Reads the form, and that the statement is of these files. Who signed it is not asked here.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out SignedBundle? bundle, [NotNullWhen(false)] out string? problem)
    {
        bundle = null;
        problem = "It is no signed bundle, or was cut or changed.";
        var span = bytes.Span;
        var head = Magic.Length + 4;
        if (span.Length < head || span.Length > MaxBytes || !span.StartsWith(Magic))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(span[Magic.Length..]);
        if (length <= 0 || length > span.Length - head || !SignedStatement.TryRead(span.Slice(head, length), out var signed)
            || !BundleStatement.TryRead(signed, out var statement))
        {
            return false;
        }

        var pack = bytes[(head + length)..];
        if (!BundlePack.TryRead(pack.Span, out var files, out problem))
        {
            return false;
        }

        var read = new SignedBundle(signed, pack, files);
        if (read.Digest != statement.Digest)
        {
            problem = "Its files are not those that its author signed.";
            return false;
        }

        bundle = read;
        return true;
    }
}
