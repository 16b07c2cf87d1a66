namespace Proofgate.Inference.Models;

/// <summary>An upstream's credential as the settings have it at this moment, so that a rotated one needs no new bundle. It does not print itself.</summary>
internal sealed class UpstreamSecret(Func<string?> current)
{
    /// <returns>Null if the settings have none any more, or do not bind it to the upstream's host any more.</returns>
    internal string? Reveal() => current();

    public override string ToString() => "[secret]";
}
