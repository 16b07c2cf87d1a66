using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Proofgate.Policy.Signing;

/// <summary>
/// A JSON statement with one signature: a DSSE v1 envelope (secure-systems-lab/dsse), in the one spelling that <see cref="Encode"/> gives it. What is signed
/// is the pre-authentication encoding, which begins with the kind of the statement: a signature of one kind is never one of another.
/// </summary>
public sealed class SignedStatement
{
    /// <summary>Bytes of an envelope.</summary>
    public const int MaxBytes = 4096;

    private readonly byte[] _payload;
    private readonly byte[] _signature;

    private SignedStatement(string type, byte[] payload, string key, byte[] signature) =>
        (Type, _payload, Key, _signature) = (type, payload, key, signature);

    /// <summary>Name of the key that is said to have signed.</summary>
    public string Key { get; }

    internal string Type { get; }

    internal ReadOnlyMemory<byte> Payload => _payload;

    /// <summary>Reads an envelope. Anything that is spelled otherwise than we spell it is refused: no byte of it is without meaning.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SignedStatement? statement)
    {
        statement = null;
        if (bytes.Length is 0 or > MaxBytes)
        {
            return false;
        }

        try
        {
            if (JsonSerializer.Deserialize(bytes, StatementJson.Default.Envelope) is { Signatures: [{ } signature] } read && KeyNames.IsName(signature.Keyid))
            {
                var found = new SignedStatement(read.PayloadType, read.Payload, signature.Keyid, signature.Sig);
                if (bytes.SequenceEqual(found.Encode()))
                {
                    statement = found;
                }
            }
        }
        catch (JsonException)
        {
            // Not an envelope.
        }

        return statement is not null;
    }

    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(
        new Envelope(_payload, Type, [new EnvelopeSignature(Key, _signature)]), StatementJson.Default.Envelope);

    internal static async ValueTask<SignedStatement> SignAsync(string type, byte[] payload, IPolicySigner signer, CancellationToken cancellationToken) =>
        new(type, payload, signer.Key, await signer.SignAsync(Encoding(type, payload), cancellationToken));

    internal bool IsSignedBy(PolicyPublicKey key) => key.Verifies(Encoding(Type, _payload), _signature);

    /// <summary>PAE(type, body) = "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body.</summary>
    private static byte[] Encoding(string type, byte[] payload)
    {
        var head = System.Text.Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"DSSEv1 {System.Text.Encoding.UTF8.GetByteCount(type)} {type} {payload.Length} "));
        return [.. head, .. payload];
    }
}
