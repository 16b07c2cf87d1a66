using Microsoft.Extensions.Logging;
using Proofgate.Audit;

namespace Proofgate.Inference;

/// <summary>Events 5000-5999. Names and counts only.</summary>
internal static partial class Log
{
    [LoggerMessage(5010, LogLevel.Error, "PROOFGATE:RECOGNISER:FAIL IS 'open': while the recogniser is out of order, names and places go to models and callers unseen.")]
    public static partial void RecogniserFailsOpen(this ILogger log);

    [LoggerMessage(5001, LogLevel.Warning, "Stream of call {AuditId} ended early: the upstream failed ({Fault}).")]
    public static partial void UpstreamStreamFailed(this ILogger log, AuditId auditId, string fault);

    [LoggerMessage(5002, LogLevel.Warning, "Target {Target} failed too often and is left alone for {Rest}.")]
    public static partial void TargetRests(this ILogger log, string target, TimeSpan rest);

    [LoggerMessage(5003, LogLevel.Information, "Target {Target} answers again.")]
    public static partial void TargetIsBack(this ILogger log, string target);

    [LoggerMessage(5004, LogLevel.Warning, "Call {AuditId} got no answer from {From}; it goes on to {To} as {NextId}.")]
    public static partial void CallMoved(this ILogger log, AuditId auditId, string from, string to, AuditId nextId);

    [LoggerMessage(5005, LogLevel.Information, "Call {AuditId} could not go on to {Target}: {Code}.")]
    public static partial void CallNotMoved(this ILogger log, AuditId auditId, string target, string code);

    [LoggerMessage(5020, LogLevel.Warning, "Tools of the server '{Server}' are not offered. {Problems}")]
    public static partial void ToolsNotOffered(this ILogger log, string server, string problems);

    [LoggerMessage(5021, LogLevel.Warning, "The server of tools '{Server}' does not say what it has. {Why}")]
    public static partial void ToolServerSilent(this ILogger log, string server, string why);
}
