using Proofgate.Cedar;
using Proofgate.Policy;

namespace Proofgate.Inference.Models;

/// <summary>One place where a model is served: an upstream, and the name that the model has there.</summary>
public sealed class ModelTarget(UpstreamEntry upstream, string upstreamModel)
{
    /// <summary>Highest <see cref="Priority"/> and <see cref="Weight"/> of a bundle.</summary>
    public const int Max = 1000;

    private Entity? _entity;

    /// <summary>1 to 1000; the lower is asked first. Others follow only where those before them gave no answer.</summary>
    public int Priority { get; init; } = 1;

    /// <summary>1 to 1000: its part of the calls among the targets of its priority.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>What a breaker is kept by, and what metrics and the log call it: both are catalogue names.</summary>
    public string Name { get; } = $"{upstream.Name}/{upstreamModel}";

    public UpstreamEntry Upstream => upstream;

    public string UpstreamModel => upstreamModel;

    /// <summary>Where an operation of this model is, below the upstream's address.</summary>
    internal Uri AddressOf(IDialect dialect) => new(upstream.Address!, upstream.Protocol == UpstreamProtocol.AzureOpenAi
        ? $"openai/{(dialect.IsPerDeployment ? $"deployments/{Uri.EscapeDataString(upstreamModel)}/" : string.Empty)}{dialect.UpstreamPath}?api-version={Uri.EscapeDataString(upstream.ApiVersion!)}"
        : dialect.UpstreamPath);

    internal Entity EntityOf(ModelEntry model) => _entity ??= Vocabulary.Model(
        model.Name, upstream.Provider, upstream.Region, model.MaxLabel, upstream.External);
}
