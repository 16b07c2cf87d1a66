using Microsoft.Extensions.Logging;
using Proofgate.Audit;

namespace Proofgate.Inference;

/// <summary>Events 5000-5999. Names and counts only.</summary>
internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Warning, "Stream of call {AuditId} ended early: the upstream failed ({Fault}).")]
    public static partial void UpstreamStreamFailed(this ILogger log, AuditId auditId, string fault);
}
