using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Proofgate.AzureStores.Accounts;

namespace Proofgate.AzureStores.Vault;

/// <summary>
/// One version of a P-256 key in Key Vault that nobody can read: asks for its public half and for signatures, and nothing else (rights: keys/get and
/// keys/sign). REST API 7.4, because the registry at hand has no package for keys; the pipeline is the SDK's, and so are its retries of 429 and 5xx.
/// </summary>
internal sealed class VaultKey
{
    internal const int SignatureBytes = 2 * CoordinateBytes;

    private const string Scope = "https://vault.azure.net/.default";
    private const string Query = "?api-version=7.4";
    private const int CoordinateBytes = 32;
    private const int MaxAnswerBytes = 16 * 1024;

    /// <summary>All attempts of one question together, whatever pause a vault that is busy asks for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Uri _address;
    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly HttpPipeline _pipeline;

    /// <param name="address">The key with its version, <c>https://name.vault.azure.net/keys/name/version</c>: a key that is renewed must not sign unasked.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="credential">Who asks.</param>
    /// <param name="time">The clock of <see cref="Patience"/>.</param>
    /// <param name="options">Null: those that every Azure client here has.</param>
    internal VaultKey(Uri address, string name, TokenCredential credential, TimeProvider time, ClientOptions? options = null)
    {
        (_address, _name, _time) = (new Uri(address.ToString().TrimEnd('/')), name, time);
        _pipeline = HttpPipelineBuilder.Build(
            options ?? ClientSettings.Apply(new VaultClientOptions()), [], [new BearerTokenAuthenticationPolicy(credential, Scope)], new ResponseClassifier());
    }

    /// <summary>The public half, as DER of SubjectPublicKeyInfo.</summary>
    /// <exception cref="StoreUnavailableException">The vault did not give a P-256 key by this address.</exception>
    internal Task<byte[]> PublicKeyAsync(CancellationToken cancellationToken) =>
        AskAsync(RequestMethod.Get, string.Empty, null, "give its public key", ReadPublicKey, cancellationToken);

    /// <summary>ES256 of a SHA-256 digest: r and s, 32 bytes each (RFC 7518, 3.4).</summary>
    /// <exception cref="StoreUnavailableException">The vault did not sign.</exception>
    internal Task<byte[]> SignAsync(ReadOnlyMemory<byte> digest, CancellationToken cancellationToken) =>
        AskAsync(RequestMethod.Post, "/sign", Body(digest.Span), "sign", ReadSignature, cancellationToken);

    private async Task<T> AskAsync<T>(
        RequestMethod method, string operation, byte[]? body, string purpose, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var message = _pipeline.CreateMessage();
            message.BufferResponse = false;
            message.Request.Method = method;
            message.Request.Uri.Reset(new Uri(_address + operation + Query));
            message.Request.Headers.Add("Accept", "application/json");
            if (body is not null)
            {
                message.Request.Headers.Add("Content-Type", "application/json");
                message.Request.Content = RequestContent.Create(body);
            }

            await _pipeline.SendAsync(message, either.Token).ConfigureAwait(false);
            if (message.Response.Status != 200)
                throw Unavailable(purpose, Problem(message.Response.Status), null);
            using var answer = JsonDocument.Parse(await BoundedAsync(message.Response.ContentStream, either.Token).ConfigureAwait(false));
            return read(answer.RootElement);
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or CryptographicException)
        {
            throw Unavailable(purpose, "its answer was not understood", e);
        }
        catch (Exception e) when (Outage.Is(e, cancellationToken) && e is not StoreUnavailableException)
        {
            throw Unavailable(purpose, Outage.Describe(e), e);
        }
    }

    private byte[] ReadPublicKey(JsonElement answer)
    {
        var key = answer.GetProperty("key"u8);
        RequireThisKey(key);
        if (key.GetProperty("kty"u8).GetString() is not ("EC" or "EC-HSM") || key.GetProperty("crv"u8).GetString() != "P-256")
            throw new FormatException("Not a key on P-256.");
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Bytes(key, "x"u8, CoordinateBytes), Y = Bytes(key, "y"u8, CoordinateBytes) },
        });
        return ecdsa.ExportSubjectPublicKeyInfo();
    }

    private byte[] ReadSignature(JsonElement answer)
    {
        RequireThisKey(answer);
        return Bytes(answer, "value"u8, SignatureBytes);
    }

    private void RequireThisKey(JsonElement answer)
    {
        if (!Uri.TryCreate(answer.GetProperty("kid"u8).GetString(), UriKind.Absolute, out var key) || key != _address)
            throw new FormatException("The answer is about another key.");
    }

    private static byte[] Bytes(JsonElement from, ReadOnlySpan<byte> property, int length)
    {
        var bytes = Base64Url.DecodeFromChars(from.GetProperty(property).GetString());
        return bytes.Length == length ? bytes : throw new FormatException("A value of another length.");
    }

    private static async Task<byte[]> BoundedAsync(Stream? content, CancellationToken cancellationToken)
    {
        if (content is null)
            return [];
        var bytes = new byte[MaxAnswerBytes + 1];
        var length = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return length <= MaxAnswerBytes ? bytes[..length] : throw new FormatException("The answer is too long.");
    }

    private static byte[] Body(ReadOnlySpan<byte> digest)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("alg"u8, "ES256"u8);
            json.WriteString("value"u8, Base64Url.EncodeToString(digest));
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static string Problem(int status) => status switch
    {
        401 or 403 => $"status {status} (this identity needs keys/get and keys/sign)",
        404 => "status 404 (there is no such version of the key)",
        _ => $"status {status}",
    };

    private StoreUnavailableException Unavailable(string purpose, string problem, Exception? inner) =>
        new($"The key '{_name}' in Key Vault did not {purpose}: {problem}.", inner);

    private sealed class VaultClientOptions : ClientOptions;
}
