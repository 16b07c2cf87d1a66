using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Proofgate.Protection;

/// <summary>
/// Makes pseudonyms. Two values have the same one if they differ in case or separators only; without the key a pseudonym can neither be
/// turned back nor be guessed from a list of values.
/// </summary>
public sealed class PseudonymKey
{
    /// <summary>Least length of a master key, in bytes.</summary>
    public const int MinMasterLength = 32;

    /// <summary>Of 50 bits: among a million values of a column two meet by chance once in two thousand columns.</summary>
    internal const int Length = 10;

    private const string Alphabet = "abcdefghijkmnopqrstuvwxyz2345679";
    private const int MaxHashed = 256;

    private readonly byte[] _key;

    private PseudonymKey(byte[] key) => _key = key;

    /// <summary>
    /// The key of a column: pseudonyms are the same in all calls of a tenant, and mean nothing to another tenant or in another column.
    /// </summary>
    /// <exception cref="ArgumentException">The master key is too short.</exception>
    public static PseudonymKey ForColumn(ReadOnlySpan<byte> master, string tenant, string dataset, string column)
    {
        if (master.Length < MinMasterLength)
            throw new ArgumentException($"A master key has at least {MinMasterLength} bytes.", nameof(master));
        // Lengths first: no two triples are the same bytes.
        using var info = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        foreach (var part in (ReadOnlySpan<string>)["proofgate pseudonym 1", tenant, dataset, column])
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            info.Write(length);
            info.Write(bytes);
        }

        var key = new byte[HMACSHA256.HashSizeInBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master, key, salt: [], info.ToArray());
        return new PseudonymKey(key);
    }

    /// <summary>A key that nobody keeps, for the free text of one call: within the call the same value has the same name.</summary>
    public static PseudonymKey ForCall() => new(RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes));

    /// <summary>The pseudonym of a value, without its kind.</summary>
    public string Of(Kind kind, ReadOnlySpan<char> value)
    {
        Span<char> name = stackalloc char[Length];
        Write(kind, value, name);
        return name.ToString();
    }

    internal void Write(Kind kind, ReadOnlySpan<char> value, Span<char> name)
    {
        ArgumentNullException.ThrowIfNull(kind.Name);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        Span<byte> bytes = stackalloc byte[MaxHashed];
        var count = Encoding.ASCII.GetBytes(kind.Name, bytes);
        bytes[count++] = 0;
        foreach (var c in value)
        {
            if (count + 2 > bytes.Length)
            {
                hash.AppendData(bytes[..count]);
                count = 0;
            }

            // Separators within numbers are nobody's; within anything else they tell values apart.
            if (c is ' ' or '-' or '\u00A0' or '\u202F' or (>= '\u2010' and <= '\u2013') && kind != Kind.Email)
                continue;
            BinaryPrimitives.WriteUInt16BigEndian(bytes[count..], char.ToLowerInvariant(c));
            count += 2;
        }

        hash.AppendData(bytes[..count]);
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        var bits = BinaryPrimitives.ReadUInt64BigEndian(digest);
        for (var i = 0; i < Length; i++, bits >>= 5)
            name[i] = Alphabet[(int)(bits & 31)];
    }
}
