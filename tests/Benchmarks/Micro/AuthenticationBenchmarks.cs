using System.Net;
using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using Proofgate.Client;
using Proofgate.Identity;

namespace Proofgate.Benchmarks.Micro;

/// <summary>What it costs to know who calls, in-process, beside the signature check alone: each token and each proof is new to the gateway.</summary>
[MemoryDiagnoser]
public class AuthenticationBenchmarks
{
    /// <summary>Proofs and tokens of one iteration; each is used once.</summary>
    private const int Batch = 1000;

    private readonly PresentedRequest[] _tokens = new PresentedRequest[Batch];
    private readonly PresentedRequest[] _proofs = new PresentedRequest[Batch];
    private readonly byte[] _signed = Encoding.ASCII.GetBytes(new string('x', 400));
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private Issuer _issuer = null!;
    private Rooms _rooms = null!;
    private Authenticator _authenticator = null!;
    private DpopKeyPair _pair = null!;
    private PresentedRequest _apiKey;
    private byte[] _signature = [];
    private int _next;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _issuer = await Issuer.StartAsync();
        _pair = DpopKeyPair.Create();
        _rooms = await Rooms.StartAsync(_issuer.Settings);
        _authenticator = _rooms.Services.GetRequiredService<Authenticator>();
        _apiKey = _rooms.Presented();
        _signature = _key.SignData(_signed, HashAlgorithmName.SHA256);
        await RequireAsync(Request("Bearer", _issuer.Token()));
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _rooms.DisposeAsync();
        await _issuer.DisposeAsync();
        _pair.Dispose();
        _key.Dispose();
    }

    [IterationSetup(Target = nameof(Token))]
    public void MakeTokens()
    {
        _next = 0;
        for (var i = 0; i < Batch; i++)
        {
            _tokens[i] = Request("Bearer", _issuer.Token());
        }
    }

    [IterationSetup(Target = nameof(TokenAndProof))]
    public void MakeProofs()
    {
        _next = 0;
        var token = _issuer.Token(_pair.Thumbprint);
        for (var i = 0; i < Batch; i++)
        {
            var request = Request("DPoP", token);
            request.Headers["DPoP"] = Proof.Make(_pair, token);
            _proofs[i] = request;
        }

        RequireAsync(Request("DPoP", token), Proof.Make(_pair, token)).GetAwaiter().GetResult();
    }

    [Benchmark(Baseline = true)]
    public bool SignatureCheckAlone() => _key.VerifyData(_signed, _signature, HashAlgorithmName.SHA256);

    [Benchmark]
    public async ValueTask<AuthenticationResult> ApiKey() => await _authenticator.AuthenticateAsync(_apiKey, CancellationToken.None);

    /// <summary>The issuer's keys are in memory, the token is not.</summary>
    [Benchmark]
    [InvocationCount(Batch, unrollFactor: 1)]
    public async ValueTask<AuthenticationResult> Token() => await _authenticator.AuthenticateAsync(_tokens[_next++], CancellationToken.None);

    /// <summary>The token is in memory; the proof never is.</summary>
    [Benchmark]
    [InvocationCount(Batch, unrollFactor: 1)]
    public async ValueTask<AuthenticationResult> TokenAndProof() => await _authenticator.AuthenticateAsync(_proofs[_next++], CancellationToken.None);

    private static PresentedRequest Request(string scheme, string credential) =>
        new("POST", "/v1/chat/completions", new HeaderDictionary { ["Authorization"] = $"{scheme} {credential}" }, IPAddress.Loopback);

    /// <summary>A benchmark of refusals would be a fast one.</summary>
    private async Task RequireAsync(PresentedRequest request, string? proof = null)
    {
        if (proof is not null)
        {
            request.Headers["DPoP"] = proof;
        }

        if (await _authenticator.AuthenticateAsync(request, CancellationToken.None) is AuthenticationResult.Refused refused)
        {
            throw new InvalidOperationException($"The credential is refused: {refused.Reason}.");
        }
    }
}
