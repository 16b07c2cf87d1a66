using Proofgate.Enforcement;

namespace Proofgate.Inference.Routing;

/// <summary>
/// One admitted call on its way from target to target. <see cref="Call"/> is what stands in the ledger as decided for the target that is being asked; what it takes the
/// place of has ended. Dispose it when the answer has ended.
/// </summary>
public sealed class InferenceRun : IAsyncDisposable
{
    private readonly Queue<InferenceCall> _otherwise;
    private readonly RoutingOptions _options;
    private readonly TimeProvider _time;
    private readonly long _began;

    internal InferenceRun(AdmittedCall<InferenceCall> call, IEnumerable<InferenceCall> otherwise, RoutingOptions options, TimeProvider time)
    {
        (Call, _otherwise, _options, _time) = (call, new Queue<InferenceCall>(otherwise), options, time);
        _began = time.GetTimestamp();
    }

    public AdmittedCall<InferenceCall> Call { get; private set; }

    /// <summary>Whether another decision stands for the call than the first.</summary>
    public bool Moved { get; private set; }

    /// <summary>How often targets have been asked.</summary>
    public int Attempts { get; internal set; }

    /// <summary>Whether a target may have worked for an answer that nobody got: then what the call has cost is not known.</summary>
    public bool CostIsUnknown { get; internal set; }

    internal bool MayAskAgain => Attempts < _options.Attempts && _time.GetElapsedTime(_began) < _options.AttemptTime;

    internal bool TryNext(out InferenceCall? next) => _otherwise.TryDequeue(out next);

    internal void MoveTo(AdmittedCall<InferenceCall> call) => (Call, Moved) = (call, true);

    public ValueTask DisposeAsync() => Call.DisposeAsync();
}
