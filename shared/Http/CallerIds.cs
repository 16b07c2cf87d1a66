using System.Text;
using Proofgate.Audit.Sealing;
using Proofgate.Identity;
using Proofgate.Inference;

namespace Proofgate.Http;

/// <summary>The wrapping of providers' ids for one caller: its key follows from the tenant's digest key and the subject, and is kept nowhere.</summary>
public sealed class CallerIds(ContentDigester digester)
{
    internal UpstreamIds Of(Caller caller) => new(Convert.FromHexString(digester.Digest(
        caller.Tenant, Encoding.UTF8.GetBytes($"proofgate upstream ids\n{caller.Subject.Length}\n{caller.Subject}\n{caller.Client}"))));
}
