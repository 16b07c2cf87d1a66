using Microsoft.Extensions.Logging;
using Proofgate.Audit;
using Proofgate.Identity;

namespace Proofgate.Http;

/// <summary>Events 6000-6999.</summary>
internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Error, "Request {AuditId} of route {Route} failed.")]
    public static partial void RequestFailed(this ILogger log, Exception exception, string route, AuditId auditId);

    [LoggerMessage(6002, LogLevel.Warning, "Call {AuditId} got no answer from its upstream: {Why}")]
    public static partial void UpstreamUnavailable(this ILogger log, AuditId auditId, string why);

    [LoggerMessage(6030, LogLevel.Error, "Key {Kid} was reported as leaked and is revoked, but that could not be recorded.")]
    public static partial void LeakNotRecorded(this ILogger log, Exception exception, KeyId kid);

    [LoggerMessage(6031, LogLevel.Error, "An act of administration ({AuditId}) could not be done: a store is out of reach.")]
    public static partial void StoreUnavailable(this ILogger log, Exception exception, AuditId auditId);
}
