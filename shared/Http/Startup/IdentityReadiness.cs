using System.Globalization;
using Proofgate.Identity;

namespace Proofgate.Http.Startup;

/// <summary>Whether credentials can be checked: the change feed of keys must be fresh.</summary>
internal sealed class IdentityReadiness(IdentityHealth health) : IReadinessCheck
{
    public string Name => "identity";

    public Readiness Check() => new(
        health.Ready,
        health.FeedAge is { } age ? string.Create(CultureInfo.InvariantCulture, $"keys as of {age.TotalSeconds:0.0} s ago") : "keys have not been read yet");
}
