using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Proofgate.Audit;
using Proofgate.Audit.Sealing;
using Proofgate.Enforcement.Provenance;
using Proofgate.Identity;

namespace Proofgate.Enforcement;

/// <summary>
/// Tokens that say where an answer's content comes from: issued with the answer, attached to later calls. Nobody but this deployment has to read one, so it
/// is sealed (AES-256-GCM) and not signed for others: what stands in it is nobody's business, there is no algorithm to choose, and the key follows from who
/// calls, so that another's token and a forged one fail in the same way. Form: <c>pgl_</c> and base64url of
/// format (1 byte), version of the secret (2), salt (16), ciphertext, tag (16).
/// </summary>
public sealed class LineageTokens
{
    internal const string Prefix = "pgl_";

    /// <summary>Of any token that is opened, whatever the length of new ones is set to.</summary>
    internal const int MaxLength = LineageOptions.LongestToken;

    private const byte Format = 1;
    private const int HeadLength = 3;
    private const int SaltLength = 16;
    private const int TagLength = 16;

    /// <summary>Each token has a key of its own, by its salt, and a key that seals once needs no nonce: no number of tokens brings one twice.</summary>
    private static readonly byte[] Nonce = new byte[12];

    private readonly LineageKeys _keys;
    private readonly LineageOptions _options;
    private readonly TimeProvider _time;

    public LineageTokens(LineageSecret derived, IOptionsMonitor<LineageSecretOptions> secrets, IOptions<LineageOptions> options, TimeProvider time) =>
        (_keys, _options, _time) = (new LineageKeys(derived, secrets), options.Value, time);

    /// <summary>The token of an answer: its label, and every dataset that its content may come from.</summary>
    /// <param name="admitted">The call.</param>
    /// <param name="label">Rank of the answer's label, where that is higher than the one on which the call was decided.</param>
    /// <param name="datasets">Names of those that were read for the answer under decisions of their own.</param>
    public string Issue<TCall>(AdmittedCall<TCall> admitted, long label = 0, IReadOnlyCollection<string>? datasets = null)
        where TCall : Call
    {
        var (call, scale) = (admitted.Call, admitted.Call.Bundle.Labels);
        return Issue(call.Caller, call.Id, scale.NameOf(Math.Max(label, admitted.Label)), scale.Highest, admitted.Datasets.With(datasets ?? []));
    }

    internal string Issue(Caller caller, AuditId id, string label, string highest, DatasetUnion datasets)
    {
        var claim = new LineageClaim { Id = id, Label = label, Datasets = datasets.Names, Expires = _time.GetUtcNow() + _options.TokenLifetime };
        var content = datasets.IsComplete ? LineagePayload.Write(claim) : null;
        if (content is null || LengthOf(content.Length) > _options.MaxTokenLength)
        {
            content = LineagePayload.Write(claim with { Label = highest, Datasets = [], Digest = datasets.Digest() });
        }

        return Seal(caller, content);
    }

    /// <summary>Opens what a caller presents.</summary>
    public LineageReading Read(string token, Caller caller)
    {
        if (Unseal(token, caller) is not { } content || LineagePayload.Read(content) is not { } claim)
        {
            return new LineageReading.NotIssued();
        }

        return claim.Expires > _time.GetUtcNow() ? new LineageReading.Valid(claim) : new LineageReading.Expired();
    }

    private string Seal(Caller caller, ReadOnlySpan<byte> content)
    {
        var version = _keys.Newest;
        var whole = new byte[HeadLength + SaltLength + content.Length + TagLength];
        (whole[0], whole[1], whole[2]) = (Format, (byte)(version >> 8), (byte)version);
        var salt = whole.AsSpan(HeadLength, SaltLength);
        RandomNumberGenerator.Fill(salt);
        using var gcm = new AesGcm(_keys.Of(version, caller, salt)!, TagLength);
        gcm.Encrypt(Nonce, content, whole.AsSpan(HeadLength + SaltLength, content.Length), whole.AsSpan(^TagLength..), whole.AsSpan(0, HeadLength));
        return Prefix + Base64Url.EncodeToString(whole);
    }

    private byte[]? Unseal(string token, Caller caller)
    {
        if (token.Length is <= 0 or > MaxLength || !token.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var text = token.AsSpan(Prefix.Length);
        var whole = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        // The decoder forgives spaces and loose bits at the end; a token has one form.
        if (Base64Url.DecodeFromChars(text, whole, out _, out var length) != OperationStatus.Done
            || !text.SequenceEqual(Base64Url.EncodeToString(whole.AsSpan(0, length)))
            || length < HeadLength + SaltLength + TagLength || whole[0] != Format
            || _keys.Of((whole[1] << 8) | whole[2], caller, whole.AsSpan(HeadLength, SaltLength)) is not { } key)
        {
            return null;
        }

        var content = new byte[length - HeadLength - SaltLength - TagLength];
        using var gcm = new AesGcm(key, TagLength);
        try
        {
            gcm.Decrypt(
                Nonce, whole.AsSpan(HeadLength + SaltLength, content.Length), whole.AsSpan(length - TagLength, TagLength), content, whole.AsSpan(0, HeadLength));
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static int LengthOf(int content) => Prefix.Length + Base64Url.GetEncodedLength(HeadLength + SaltLength + content + TagLength);
}
