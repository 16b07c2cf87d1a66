using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Proofgate.Identity.Proofs;

/// <summary>
/// Nonces that any instance can check and none has to store (D20): HKDF over a secret that all instances have, and the number of the minute.
/// </summary>
internal sealed class ProofNonces
{
    internal static readonly TimeSpan Step = TimeSpan.FromSeconds(60);

    /// <summary>Steps before the current one whose nonce is taken still.</summary>
    internal const int Past = 4;

    /// <summary>Steps after it: another instance's clock may be ahead.</summary>
    internal const int Ahead = 1;

    private const int Bytes = 24;

    private readonly byte[]? _key;
    private readonly TimeProvider _time;
    private volatile Known? _known;

    public ProofNonces(IOptions<ProofOptions> options, TimeProvider time)
    {
        _time = time;
        _key = options.Value.NonceSecretBytes is { } secret ? HKDF.Extract(HashAlgorithmName.SHA256, secret, "proofgate dpop nonce"u8.ToArray()) : null;
    }

    internal string Current => Now().Nonces[Past];

    /// <param name="nonce">As a proof has it.</param>
    /// <param name="isOld">Whether it is time for a fresh one.</param>
    internal bool Accepts(string nonce, out bool isOld)
    {
        var known = Now();
        var at = -1;
        for (var i = 0; i < known.Nonces.Length; i++)
        {
            // Each is compared: where it is found shall not be seen from outside.
            var equal = CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(nonce.AsSpan()), MemoryMarshal.AsBytes(known.Nonces[i].AsSpan()));
            at = equal ? i : at;
        }

        isOld = at is >= 0 and < Past;
        return at >= 0;
    }

    private Known Now()
    {
        var step = _time.GetUtcNow().ToUnixTimeSeconds() / (long)Step.TotalSeconds;
        return _known is { } known && known.Step == step
            ? known
            : _known = new Known(step, [.. Enumerable.Range(-Past, Past + 1 + Ahead).Select(i => Make(step + i))]);
    }

    private string Make(long step)
    {
        var key = _key ?? throw new InvalidOperationException($"{ProofOptions.NonceSecretKey} is missing.");
        Span<byte> info = stackalloc byte[sizeof(long)];
        Span<byte> nonce = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64BigEndian(info, step);
        HKDF.Expand(HashAlgorithmName.SHA256, key, nonce, info);
        return Base64Url.EncodeToString(nonce);
    }

    /// <param name="Step">The current one.</param>
    /// <param name="Nonces">The oldest first.</param>
    private sealed record Known(long Step, string[] Nonces);
}
