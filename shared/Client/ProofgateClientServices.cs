using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Proofgate.Client.Proofs;

namespace Proofgate.Client;

/// <summary>Adds the handler to clients of <see cref="IHttpClientFactory"/>.</summary>
public static class ProofgateClientServices
{
    /// <summary>Makes this client present a credential, and proofs where <see cref="ProofgateClientOptions.KeyPair"/> is set. Options are checked at start.</summary>
    public static IHttpClientBuilder AddProofgate(this IHttpClientBuilder builder, Action<ProofgateClientOptions> configure)
    {
        builder.Services.AddOptions<ProofgateClientOptions>(builder.Name).Configure(configure).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ProofgateClientOptions>>(new OptionsCheck(builder.Name));

        // The factory renews handlers every few minutes; the nonce outlives them.
        var nonces = new NonceMemory();
        return builder.AddHttpMessageHandler(services => new ProofgateHandler(
            services.GetRequiredService<IOptionsMonitor<ProofgateClientOptions>>().Get(builder.Name),
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            nonces));
    }

    private sealed class OptionsCheck(string client) : IValidateOptions<ProofgateClientOptions>
    {
        public ValidateOptionsResult Validate(string? name, ProofgateClientOptions options)
        {
            if (name != client)
            {
                return ValidateOptionsResult.Skip;
            }

            var found = options.Problems().Select(p => $"HTTP client '{client}': {p}").ToList();
            return found.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
        }
    }
}
