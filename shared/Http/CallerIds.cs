using Proofgate.Audit.Sealing;
using Proofgate.Identity;
using Proofgate.Inference;

namespace Proofgate.Http;

/// <summary>The wrapping of providers' ids for one caller: its key follows from the deployment's secret and who calls, and is kept nowhere.</summary>
public sealed class CallerIds(IdSecrets secrets)
{
    internal UpstreamIds Of(Caller caller) => new(secrets.Of(caller.Tenant, caller.Subject, caller.Client));
}
