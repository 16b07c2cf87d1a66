using Proofgate.Identity;

namespace Proofgate.Policy;

/// <summary>Opens the questioning of policy for one call.</summary>
public sealed class Authorizer(TimeProvider time)
{
    public Inquiry Open(PolicyBundle bundle, Caller caller) => new(bundle, caller, time.GetUtcNow());
}
