using Microsoft.Extensions.Logging;
using Proofgate.Audit;
using Proofgate.Protection;

namespace Proofgate.Enforcement;

/// <summary>A call's leave to have its texts looked at by a recogniser. Its outcome is recorded when the call ends.</summary>
public sealed class Recognition : IAsyncDisposable
{
    private readonly IRecogniser _recogniser;
    private readonly AdmittedCall<RecognitionCall> _call;
    private readonly ILogger _log;
    private long _asked;
    private bool _failed;

    internal Recognition(IRecogniser recogniser, AdmittedCall<RecognitionCall> call, ILogger log)
    {
        (_recogniser, _call, _log) = (recogniser, call, log);
    }

    public AuditId Id => _call.Id;

    public RecogniserPlan Plan => _call.Call.Plan;

    /// <summary>Whether the recogniser may have values of this kind as they are.</summary>
    internal bool Shows(Kind kind) => _call.Redaction.Revealed.Contains(kind);

    /// <summary>The values that stand in the texts.</summary>
    /// <exception cref="RecogniserUnavailableException">Nobody knows, and the deployment does not let texts pass that nobody has looked at.</exception>
    public async ValueTask<NamedValues> NamesInAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        if (texts.Count == 0)
        {
            return NamedValues.None;
        }

        try
        {
            _asked++;
            return new NamedValues(await _recogniser.FindAsync(_call, texts, cancellationToken));
        }
        catch (RecogniserUnavailableException e)
        {
            _failed = true;
            if (!Plan.FailsOpen)
            {
                throw;
            }

            _log.TextPassedUnrecognised(Id, Plan.Name, e.Message);
            return NamedValues.None;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _call.CompleteAsync(new CallOutcome { Result = _failed ? "upstream_failed" : "completed", Status = _failed ? 502 : 200, Events = _asked });
        await _call.DisposeAsync();
    }
}
