using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Proofgate.Identity.ApiKeys;

/// <summary>
/// An API key, <c>pgk_{env}_{kid}_{secret}{crc}</c> (K1). A secret: it is printed by <see cref="Reveal"/> and by nothing else.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ApiKey
{
    /// <summary>Characters of a whole key, all of them ASCII.</summary>
    public const int Length = ChecksumAt + 6;

    internal const string Prefix = "pgk_";
    internal const string Live = "live";
    internal const string Test = "test";

    private const int EnvironmentAt = 4;
    private const int IdAt = 9;
    private const int SecretAt = 18;
    private const int SecretLength = 30;
    private const int ChecksumAt = SecretAt + SecretLength;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly ReadOnlyMemory<char> _text;

    private ApiKey(ReadOnlyMemory<char> text, KeyId id, string environment)
    {
        _text = text;
        Id = id;
        Environment = environment;
    }

    public KeyId Id { get; }

    /// <summary><c>live</c> or <c>test</c>.</summary>
    public string Environment { get; }

    /// <summary>A new key: 178 random bits of a CSPRNG, drawn without modulo bias.</summary>
    /// <param name="environment"><c>live</c> or <c>test</c>.</param>
    public static ApiKey Create(string environment)
    {
        if (environment is not (Live or Test))
        {
            throw new ArgumentException("An API key's environment is 'live' or 'test'.", nameof(environment));
        }

        var id = KeyId.New();
        var text = new char[Length];
        $"{Prefix}{environment}_{id}_".CopyTo(text);
        RandomNumberGenerator.GetItems(Base62.Alphabet, text.AsSpan(SecretAt, SecretLength));
        Base62.Write(Crc32.Of(text.AsSpan(0, ChecksumAt)), text.AsSpan(ChecksumAt));
        return new ApiKey(text, id, environment);
    }

    /// <summary>Reads a key whose form and checksum hold; that says nothing about whether it exists.</summary>
    public static bool TryParse(ReadOnlyMemory<char> text, [NotNullWhen(true)] out ApiKey? key)
    {
        key = null;
        var span = text.Span;
        if (span.Length != Length
            || !span.StartsWith(Prefix, StringComparison.Ordinal)
            || EnvironmentOf(span.Slice(EnvironmentAt, Live.Length)) is not { } environment
            || span[IdAt - 1] != '_'
            || span[SecretAt - 1] != '_'
            || !KeyId.TryParse(span.Slice(IdAt, KeyId.Length), out var id)
            || !Base62.IsAll(span[SecretAt..])
            || !ChecksumHolds(span))
        {
            return false;
        }

        key = new ApiKey(text, id, environment);
        return true;
    }

    public static bool TryParse(string? text, [NotNullWhen(true)] out ApiKey? key) => TryParse(text.AsMemory(), out key);

    /// <summary>The key itself, for the one time that it is shown.</summary>
    public string Reveal() => _text.ToString();

    /// <summary>Public parts only.</summary>
    public override string ToString() => $"{Prefix}{Environment}_{Id}_***";

    /// <param name="ascii"><see cref="Length"/> bytes.</param>
    internal void CopyTo(Span<byte> ascii)
    {
        var text = _text.Span;
        for (var i = 0; i < Length; i++)
        {
            ascii[i] = (byte)text[i];
        }
    }

    private static string? EnvironmentOf(ReadOnlySpan<char> text) => text switch
    {
        Live => Live,
        Test => Test,
        _ => null,
    };

    private static bool ChecksumHolds(ReadOnlySpan<char> text)
    {
        Span<char> expected = stackalloc char[Length - ChecksumAt];
        Base62.Write(Crc32.Of(text[..ChecksumAt]), expected);
        return text[ChecksumAt..].SequenceEqual(expected);
    }
}
