using Proofgate.Cedar;

namespace Proofgate.Inference.Models;

/// <summary>A public model name and the targets that may serve it.</summary>
public sealed record ModelEntry
{
    public required string Name { get; init; }

    /// <summary>Highest label rank of a call that may reach this model.</summary>
    public required long MaxLabel { get; init; }

    /// <summary>What its tokens cost; null where the bundle does not say.</summary>
    public ModelPrice? Price { get; init; }

    public required IReadOnlyList<ModelTarget> Targets { get; init; }

    /// <summary>The first target whose upstream is configured in this deployment; null if none is.</summary>
    public ModelTarget? Usable => Targets.FirstOrDefault(static t => t.Upstream.Address is not null);

    /// <summary>The usable targets that understand a dialect, in the bundle's order.</summary>
    public IEnumerable<ModelTarget> UsableTargets(IDialect dialect) => Targets.Where(t => t.Upstream.Address is not null && dialect.IsSpokenBy(t.Upstream.Protocol));

    /// <summary>The model as policy sees it when this target serves it.</summary>
    public Entity ToEntity(ModelTarget target) => target.EntityOf(this);
}
