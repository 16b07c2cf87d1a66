using System.Text.Json;
using Proofgate.Identity.Jose;

namespace Proofgate.Identity.Proofs;

/// <summary>What a proof says (RFC 9449, 4.2), unverified.</summary>
internal readonly struct ProofContent
{
    private const int LongestId = 256;

    internal required string Id { get; init; }

    internal required string Method { get; init; }

    internal required string Target { get; init; }

    internal required DateTimeOffset Issued { get; init; }

    /// <summary><c>ath</c>.</summary>
    internal string? CredentialHash { get; init; }

    internal string? Nonce { get; init; }

    /// <summary>D3: each member that a proof must have, of the type that it must have; and no optional one of another type.</summary>
    internal static bool TryRead(JsonElement claims, out ProofContent content)
    {
        content = default;
        if (StrictJson.Text(claims, "jti"u8) is not { Length: > 0 and <= LongestId } id || id.AsSpan().ContainsAnyExceptInRange(' ', '~')
            || StrictJson.Text(claims, "htm"u8) is not { Length: > 0 } method
            || StrictJson.Text(claims, "htu"u8) is not { Length: > 0 } target
            || !TryReadTime(claims, out var issued)
            || !TryReadOptional(claims, "ath"u8, out var hash)
            || !TryReadOptional(claims, "nonce"u8, out var nonce))
        {
            return false;
        }

        content = new ProofContent { Id = id, Method = method, Target = target, Issued = issued, CredentialHash = hash, Nonce = nonce };
        return true;
    }

    /// <summary>A NumericDate may have a fraction (RFC 7519, 2). It is cut off: what is compared and stored are seconds.</summary>
    private static bool TryReadTime(JsonElement claims, out DateTimeOffset time)
    {
        time = default;
        if (!claims.TryGetProperty("iat"u8, out var member) || member.ValueKind != JsonValueKind.Number
            || !member.TryGetDouble(out var seconds)
            || !(seconds >= 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()))
        {
            return false;
        }

        time = DateTimeOffset.FromUnixTimeSeconds((long)seconds);
        return true;
    }

    private static bool TryReadOptional(JsonElement claims, ReadOnlySpan<byte> name, out string? text)
    {
        text = StrictJson.Text(claims, name);
        return text is not null || !claims.TryGetProperty(name, out _);
    }
}
