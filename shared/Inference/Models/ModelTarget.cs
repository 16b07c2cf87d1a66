using Proofgate.Cedar;
using Proofgate.Policy;

namespace Proofgate.Inference.Models;

/// <summary>One place where a model is served: an upstream, and the name that the model has there.</summary>
public sealed class ModelTarget(UpstreamEntry upstream, string upstreamModel)
{
    private Entity? _entity;

    public UpstreamEntry Upstream => upstream;

    public string UpstreamModel => upstreamModel;

    /// <summary>Where an operation of this model is, below the upstream's address.</summary>
    internal Uri AddressOf(IDialect dialect) => new(upstream.Address!, upstream.Protocol == UpstreamProtocol.AzureOpenAi
        ? $"openai/{(dialect.IsPerDeployment ? $"deployments/{Uri.EscapeDataString(upstreamModel)}/" : string.Empty)}{dialect.UpstreamPath}?api-version={Uri.EscapeDataString(upstream.ApiVersion!)}"
        : dialect.UpstreamPath);

    internal Entity EntityOf(ModelEntry model) => _entity ??= Vocabulary.Model(
        model.Name, upstream.Provider, upstream.Region, model.MaxLabel, upstream.External);
}
