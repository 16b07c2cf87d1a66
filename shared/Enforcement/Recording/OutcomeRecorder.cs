using System.Collections.ObjectModel;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Protection;

namespace Proofgate.Enforcement.Recording;

/// <summary>Writes how an admitted call ended, on its own time: also when the client has left.</summary>
public sealed class OutcomeRecorder(IAuditStream stream, TimeProvider time, ILogger<OutcomeRecorder> log)
{
    internal async ValueTask RecordAsync(Call call, CallOutcome outcome, IncrementalHash answer, long started)
    {
        try
        {
            await stream.PublishAsync(
                new OutcomeEvent
                {
                    Id = AuditId.New(time),
                    Time = time.GetUtcNow(),
                    CorrelationId = call.Id,
                    TraceId = call.TraceId,
                    Result = outcome.Result,
                    Status = outcome.Status,
                    Target = call.TargetName,
                    InputTokens = outcome.InputTokens,
                    OutputTokens = outcome.OutputTokens,
                    BytesOut = outcome.BytesOut,
                    Events = outcome.Events,
                    Redactions = outcome.Redactions?.ToDictionary() ?? ReadOnlyDictionary<string, long>.Empty,
                    RulesDigest = call.HasAnswer ? RuleSet.Default.Digest : null,
                    AnswerDigest = outcome.BytesOut > 0 ? Convert.ToHexStringLower(answer.GetHashAndReset()) : null,
                    FirstByte = outcome.FirstByteAt is { } first ? time.GetElapsedTime(started, first) : null,
                    Duration = time.GetElapsedTime(started),
                    FinishReason = outcome.FinishReason,
                    Rows = outcome.Rows,
                },
                CancellationToken.None);
        }
        catch (AuditUnavailableException)
        {
            // The ledger shows the decision as open.
            log.OutcomeNotRecorded(call.Id, outcome.Result);
        }
    }
}
