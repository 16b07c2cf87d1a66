using System.Security.Cryptography;

namespace Proofgate.Identity;

/// <summary>The public name of an API key: 8 base62 characters, case-sensitive (K1).</summary>
public readonly record struct KeyId
{
    public const int Length = 8;

    private readonly ulong _packed;

    private KeyId(ulong packed) => _packed = packed;

    /// <summary>A random one. Whether it is free is for <see cref="ApiKeys.IApiKeyStore.TryInsertAsync"/> to say.</summary>
    public static KeyId New() => new(Pack(RandomNumberGenerator.GetString(Base62.Alphabet, Length)));

    public static bool TryParse(ReadOnlySpan<char> text, out KeyId id)
    {
        var valid = text.Length == Length && Base62.IsAll(text);
        id = valid ? new KeyId(Pack(text)) : default;
        return valid;
    }

    public bool Equals(KeyId other) => _packed == other._packed;

    /// <summary>Seeded for each process: strangers choose ids, and must not choose where they land in a table.</summary>
    public override int GetHashCode() => HashCode.Combine(_packed);

    public override string ToString() => _packed == 0
        ? string.Empty
        : string.Create(Length, _packed, static (text, packed) =>
        {
            for (var i = Length - 1; i >= 0; i--, packed >>= 8)
            {
                text[i] = (char)(packed & 0xFF);
            }
        });

    private static ulong Pack(ReadOnlySpan<char> text)
    {
        ulong packed = 0;
        foreach (var c in text)
        {
            packed = (packed << 8) | c;
        }

        return packed;
    }
}
