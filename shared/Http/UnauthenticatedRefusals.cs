using Microsoft.AspNetCore.Http;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Audit.Publishing;
using Proofgate.Enforcement;
using Proofgate.Identity;

namespace Proofgate.Http;

/// <summary>Hands refusals of requests without an accepted credential to their own bounded channel: they never delay a decision.</summary>
public sealed class UnauthenticatedRefusals(RefusalChannel channel, ClientAddress addresses, TimeProvider time)
{
    internal void Record(AuditId id, Route route, HttpContext http, int status, string reason)
    {
        Measures.Refused(reason, status);
        var address = addresses.Of(http.Request.Headers, http.Connection.RemoteIpAddress);
        channel.Report(
            new RefusalEvent
            {
                Id = id,
                Time = time.GetUtcNow(),
                Request = new RequestRecord { Route = route.Template, Method = http.Request.Method },
                Status = status,
                Reason = reason,
            },
            address);
    }
}
