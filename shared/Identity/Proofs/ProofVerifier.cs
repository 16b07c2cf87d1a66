using System.Buffers.Text;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Proofgate.Identity.Credentials;
using Proofgate.Identity.Jose;
using static Proofgate.Identity.AuthenticationResult;

namespace Proofgate.Identity.Proofs;

/// <summary>Checks DPoP proofs (RFC 9449, 4.3). In an order in which a stranger causes nothing costly: a signature check costs the address, and
/// only what holds in every way is looked for in the store.</summary>
internal sealed class ProofVerifier
{
    internal const string HeaderName = "DPoP";
    internal const string Type = "dpop+jwt";

    /// <summary>D2, in characters.</summary>
    internal const int LongestProof = 4096;

    private readonly string[] _origins;
    private readonly ProofOptions _options;
    private readonly ProofNonces _nonces;
    private readonly ReplayGuard _replays;
    private readonly AddressLimiter _limiter;
    private readonly TimeProvider _time;

    public ProofVerifier(
        PublicOrigins origins, IOptions<ProofOptions> options, ProofNonces nonces, ReplayGuard replays, AddressLimiter limiter, TimeProvider time)
    {
        _origins = [.. origins.All];
        _options = options.Value;
        _nonces = nonces;
        _replays = replays;
        _limiter = limiter;
        _time = time;
    }

    /// <summary>Whether proofs are taken at all: without an origin of ours nobody can say what a proof is for.</summary>
    internal bool Enabled => _origins.Length > 0;

    /// <param name="credential">The credential that was sent with the proof.</param>
    /// <param name="thumbprint">Of the key that the credential is bound to (D13).</param>
    /// <param name="cancellationToken">Of the request.</param>
    internal async ValueTask<ProofVerdict> VerifyAsync(Credential credential, string thumbprint, CancellationToken cancellationToken)
    {
        var request = credential.Request;
        var proofs = request.Headers[HeaderName];
        var demand = new ProofDemand(request.Method, request.Path, credential.Token, thumbprint, credential.Address);
        if (proofs.Count > 1)
        {
            return new ProofVerdict.Fails(Refusals.SeveralProofs);
        }

        if (Read(proofs, demand, out var use, out var nonce) is { } refusal)
        {
            return new ProofVerdict.Fails(refusal);
        }

        return await _replays.SpendAsync(use!, cancellationToken).ConfigureAwait(false) switch
        {
            ReplayAnswer.First => new ProofVerdict.Holds(nonce),
            ReplayAnswer.Again => new ProofVerdict.Fails(Refusals.ProofReplayed),
            _ => new ProofVerdict.Fails(Refusals.ReplaysUnavailable),
        };
    }

    /// <summary>K4: any key, and no credential yet.</summary>
    internal async ValueTask<KeyRegistrationResult> VerifyRegistrationAsync(
        string proof, string method, string path, IPAddress? address, CancellationToken cancellationToken)
    {
        if (Read(proof, new ProofDemand(method, path, default, null, address), out var use, out _) is { } refusal)
        {
            return new KeyRegistrationResult.Refused(refusal.Description) { Nonce = refusal.Nonce };
        }

        return await _replays.SpendAsync(use!, cancellationToken).ConfigureAwait(false) switch
        {
            ReplayAnswer.First => new KeyRegistrationResult.Proved(use!.Thumbprint),
            ReplayAnswer.Again => new KeyRegistrationResult.Refused(Refusals.ProofReplayed.Description),
            _ => new KeyRegistrationResult.Unavailable(),
        };
    }

    /// <summary>Everything but whether it was used before.</summary>
    /// <returns>What is wrong, or null.</returns>
    private Refused? Read(string? proof, in ProofDemand demand, out ProofUse? use, out string? freshNonce)
    {
        (use, freshNonce) = (null, null);
        if (!Enabled)
        {
            return Refusals.ProofNotAccepted;
        }

        // 1. One compact JWS of a bearable size, for a path that means one thing.
        if (ProofTarget.NormalPath(demand.Path) is not { } path)
        {
            return Refusals.AmbiguousPath;
        }

        if (Shape(proof) is { } shapeless)
        {
            return shapeless;
        }

        if (!CompactJws.TryRead(proof, LongestProof, out var jws))
        {
            return Refusals.MalformedProof;
        }

        using (jws)
        {
            // 2. What it says, what it is for, and whose it is.
            if (ReadHeader(jws.Header, out var key) is { } header)
            {
                return header;
            }

            if ((ReadContent(jws, out var content) ?? Judge(content, demand, path)) is { } refusal)
            {
                return refusal;
            }

            if (demand.Thumbprint is { } bound && !AreEqual(key!.Thumbprint, bound))
            {
                return Refusals.ProofOfAnotherKey;
            }

            // 3. The costly part. A look that found a genuine proof was no guess.
            if (_limiter.TryTake(demand.Address) is { Allowed: false, RetryAfter: var retryAfter })
            {
                return Refusals.ProofsLimited(retryAfter);
            }

            if (!key!.Verify(jws.Signed.Span, jws.Signature.Span))
            {
                return Refusals.ProofSignature;
            }

            _limiter.Return(demand.Address);

            // 4. Whether it was made just now.
            if (!JudgeNonce(content.Nonce, out freshNonce))
            {
                return Refusals.UseNonce(_nonces.Current);
            }

            use = new ProofUse(DigestOf(key.Thumbprint, content.Id), key.Thumbprint, content.Issued);
            return null;
        }
    }

    private static Refused? Shape(string? proof) => proof switch
    {
        null or "" => Refusals.ProofMissing,
        { Length: > LongestProof } => Refusals.ProofTooLong,
        _ => proof.Contains(',', StringComparison.Ordinal) ? Refusals.SeveralProofs : null,
    };

    private static Refused? ReadHeader(JsonElement header, out ProofKey? key)
    {
        key = null;
        if (StrictJson.Text(header, "typ"u8) != Type)
        {
            return Refusals.ProofType;
        }

        if (ProofAlgorithm.Find(StrictJson.Text(header, "alg"u8)) is not { } algorithm)
        {
            return Refusals.ProofAlgorithm;
        }

        return header.TryGetProperty("jwk"u8, out var jwk) && jwk.ValueKind == JsonValueKind.Object
            ? ProofKey.Read(jwk, algorithm, out key)
            : Refusals.ProofKeyMissing;
    }

    private static Refused? ReadContent(CompactJws jws, out ProofContent content)
    {
        content = default;
        if (!jws.TryReadClaims(out var claims))
        {
            return Refusals.MalformedProof;
        }

        using (claims)
        {
            return ProofContent.TryRead(claims.RootElement, out content) ? null : Refusals.ProofIncomplete;
        }
    }

    private Refused? Judge(in ProofContent content, in ProofDemand demand, string path)
    {
        if (content.Method != demand.Method)
        {
            return Refusals.ProofMethod;
        }

        if (content.Target.AsSpan().ContainsAny('?', '#'))
        {
            return Refusals.ProofTargetQuery;
        }

        if (!ProofTarget.Matches(content.Target, _origins, path))
        {
            return Refusals.ProofTarget;
        }

        var age = _time.GetUtcNow() - content.Issued;
        if (age > _options.MaxAge || age < -_options.MaxAhead)
        {
            return age > TimeSpan.Zero ? Refusals.ProofExpired : Refusals.ProofEarly;
        }

        return demand.Credential.IsEmpty || (content.CredentialHash is { } hash && AreEqual(hash, HashOf(demand.Credential.Span)))
            ? null
            : Refusals.ProofOfAnotherCredential;
    }

    private bool JudgeNonce(string? nonce, out string? fresh)
    {
        fresh = null;
        if (_options.NoncePolicy == NoncePolicy.Off)
        {
            return true;
        }

        if (nonce is null)
        {
            fresh = _nonces.Current;
            return _options.NoncePolicy == NoncePolicy.Optional;
        }

        var accepted = _nonces.Accepts(nonce, out var isOld);
        fresh = isOld ? _nonces.Current : null;
        return accepted;
    }

    private static bool AreEqual(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(left.AsSpan()), MemoryMarshal.AsBytes(right.AsSpan()));

    /// <summary>RFC 9449, 4.2, <c>ath</c>.</summary>
    private static string HashOf(ReadOnlySpan<char> credential)
    {
        Span<byte> bytes = credential.Length <= 1024 ? stackalloc byte[credential.Length] : new byte[credential.Length];
        Encoding.ASCII.GetBytes(credential, bytes);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        CryptographicOperations.ZeroMemory(bytes);
        return Base64Url.EncodeToString(hash);
    }

    /// <summary>A thumbprint is of one length, so no two pairs run together into one text.</summary>
    private static string DigestOf(string thumbprint, string id)
    {
        Span<byte> bytes = stackalloc byte[thumbprint.Length + id.Length];
        var length = Encoding.ASCII.GetBytes(thumbprint, bytes);
        Encoding.ASCII.GetBytes(id, bytes[length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return Base64Url.EncodeToString(hash);
    }
}
