using Microsoft.Extensions.Logging;
using Proofgate.Audit;

namespace Proofgate.Enforcement;

/// <summary>Events 4000-4999.</summary>
internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Error, "Refusal {Code} of call {AuditId} was answered but could not be recorded.")]
    public static partial void RefusalNotRecorded(this ILogger log, AuditId auditId, string code);

    [LoggerMessage(4002, LogLevel.Error, "Outcome '{Result}' of call {AuditId} could not be recorded; its decision stays open in the ledger.")]
    public static partial void OutcomeNotRecorded(this ILogger log, AuditId auditId, string result);

    [LoggerMessage(4005, LogLevel.Error, "TEXT PASSED UNRECOGNISED: recogniser '{Recogniser}' failed under {AuditId} ({Fault}), and Proofgate:Recogniser:Fail is 'open'.")]
    public static partial void TextPassedUnrecognised(this ILogger log, AuditId auditId, string recogniser, string fault);

    [LoggerMessage(4011, LogLevel.Warning, "Unused parts of budgets could not be given back; until midnight (UTC) others cannot use them.")]
    public static partial void BudgetsNotReturned(this ILogger log, Exception exception);

    [LoggerMessage(4021, LogLevel.Warning, "The ledger could not be read for those who watch decisions; it is tried again.")]
    public static partial void LedgerNotFollowed(this ILogger log, Exception exception);
}
