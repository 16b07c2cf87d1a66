using Microsoft.Extensions.Logging;
using Proofgate.Audit;

namespace Proofgate.Http;

/// <summary>Events 6000-6999.</summary>
internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Error, "Request {AuditId} of route {Route} failed.")]
    public static partial void RequestFailed(this ILogger log, Exception exception, string route, AuditId auditId);

    [LoggerMessage(6002, LogLevel.Warning, "Call {AuditId} got no answer from its upstream: {Why}")]
    public static partial void UpstreamUnavailable(this ILogger log, AuditId auditId, string why);
}
