using System.Net.Http.Headers;
using Proofgate.Client.Proofs;

namespace Proofgate.Client;

/// <summary>
/// Presents a credential to a Proofgate gateway on each request, with a proof of possession where it has a key pair. Whatever credential the
/// request carried for the gateway is replaced; requests to other origins pass untouched.
/// </summary>
public sealed class ProofgateHandler : DelegatingHandler
{
    private const string Proof = "DPoP";

    private static readonly string[] OtherCarriers = ["api-key", "x-api-key", Proof];

    private readonly ProofgateClientOptions _options;
    private readonly ProofMaker? _proofs;
    private readonly NonceMemory _nonces;

    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    public ProofgateHandler(ProofgateClientOptions options, TimeProvider? time = null)
        : this(options, time ?? TimeProvider.System, new NonceMemory())
    {
    }

    internal ProofgateHandler(ProofgateClientOptions options, TimeProvider time, NonceMemory nonces)
    {
        if (options.Problems().ToList() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join(" ", problems), nameof(options));
        }

        _options = options;
        _proofs = options.KeyPair is { } pair ? new ProofMaker(pair, time) : null;
        _nonces = nonces;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!IsForGateway(request))
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        var credential = await ReadyAsync(request, cancellationToken).ConfigureAwait(false);
        Present(request, credential);
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!MustRepeat(response))
        {
            return response;
        }

        response.Dispose();
        Present(request, credential);
        response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        _nonces.Learn(response);
        return response;
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!IsForGateway(request))
        {
            return base.Send(request, cancellationToken);
        }

        var credential = ReadyAsync(request, cancellationToken).GetAwaiter().GetResult();
        Present(request, credential);
        var response = base.Send(request, cancellationToken);
        if (!MustRepeat(response))
        {
            return response;
        }

        response.Dispose();
        Present(request, credential);
        response = base.Send(request, cancellationToken);
        _nonces.Learn(response);
        return response;
    }

    private bool IsForGateway(HttpRequestMessage request) =>
        request.RequestUri is { IsAbsoluteUri: true } uri
        && Uri.Compare(uri, _options.Gateway, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>Everything that may have to wait: the credential, and a body that can be sent twice.</summary>
    private async Task<string> ReadyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var credential = _options.Credential ?? await _options.CredentialSource!(cancellationToken).ConfigureAwait(false);
        if (!CredentialText.IsValid(credential))
        {
            throw new HttpRequestException("The credential source gave no API key or token.");
        }

        if (_proofs is not null && request.Content is { } body)
        {
            await body.LoadIntoBufferAsync(_options.MaxBufferedBody, cancellationToken).ConfigureAwait(false);
        }

        return credential;
    }

    private void Present(HttpRequestMessage request, string credential)
    {
        foreach (var carrier in OtherCarriers)
        {
            request.Headers.Remove(carrier);
        }

        request.Headers.Authorization = new AuthenticationHeaderValue(_proofs is null ? "Bearer" : Proof, credential);
        if (_proofs is not null)
        {
            request.Headers.Add(Proof, _proofs.Make(request.Method.Method, request.RequestUri!, credential, _nonces.Latest));
        }
    }

    private bool MustRepeat(HttpResponseMessage response) => _nonces.Learn(response) && _proofs is not null;
}
