using Proofgate.Policy;

namespace Proofgate.Http.Startup;

/// <summary>
/// Whether a bundle is active. A newer one that was not taken is told and does not make the gateway unready; why it was not is for the
/// operator's log, because anybody may ask for readiness.
/// </summary>
internal sealed class PolicyReadiness(IBundleSource bundles) : IReadinessCheck
{
    public string Name => "policy";

    public Readiness Check()
    {
        var state = bundles.State;
        var detail = (state.Digest, state.Rejected.Count) switch
        {
            (not null, _) when !state.Fresh => "the store of policy has been silent for too long, see the log",
            (not null, _) when state.Bootstrap => "no bundle has been activated yet: only administration is permitted",
            (null, _) => "no bundle is active yet, see the log",
            ({ } digest, 0) => digest,
            ({ } digest, var problems) => $"{digest}; a newer bundle has {problems} problems and is not taken, see the log",
        };
        return new Readiness(state is { Digest: not null, Fresh: true, Bootstrap: false }, detail);
    }
}
