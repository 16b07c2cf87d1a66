using Microsoft.Extensions.Logging;
using Proofgate.Audit;

namespace Proofgate.Inference;

/// <summary>Events 5000-5999. Names and counts only.</summary>
internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Warning, "Stream of call {AuditId} ended early: the upstream failed ({Fault}).")]
    public static partial void UpstreamStreamFailed(this ILogger log, AuditId auditId, string fault);

    [LoggerMessage(5010, LogLevel.Warning, "Tools of the server '{Server}' are not offered. {Problems}")]
    public static partial void ToolsNotOffered(this ILogger log, string server, string problems);

    [LoggerMessage(5011, LogLevel.Warning, "The server of tools '{Server}' does not say what it has. {Why}")]
    public static partial void ToolServerSilent(this ILogger log, string server, string why);
}
