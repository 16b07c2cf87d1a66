using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Proofgate.Identity.Proofs;

/// <summary>Every error of <see cref="ProofOptions"/> at once, and whether the host has what its settings ask for.</summary>
internal sealed class ProofOptionsCheck(IServiceProviderIsService services, IConfiguration configuration) : IValidateOptions<ProofOptions>
{
    private const string OriginsKey = $"{PublicOriginsOptions.Section}:{nameof(PublicOriginsOptions.PublicOrigins)}";

    public ValidateOptionsResult Validate(string? name, ProofOptions options)
    {
        var problems = options.Problems().Concat(Host(options)).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private IEnumerable<string> Host(ProofOptions options)
    {
        if (configuration.GetSection(OriginsKey).GetChildren().Any())
        {
            if (!services.IsService(typeof(IProofReplayStore)))
            {
                yield return $"{OriginsKey} must be empty in a host without a store of used proofs: it could not tell a replay.";
            }
        }
        else if (options.NoncePolicy != NoncePolicy.Off)
        {
            yield return $"{ProofOptions.Section}:{nameof(ProofOptions.NoncePolicy)} must be off without {OriginsKey}: no proof is taken then.";
        }
    }
}
