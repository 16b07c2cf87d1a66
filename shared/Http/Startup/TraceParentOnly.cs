using System.Diagnostics;

namespace Proofgate.Http.Startup;

/// <summary>
/// Takes the caller's place in a trace (W3C Trace Context, <c>traceparent</c>) and nothing else: <c>tracestate</c> and <c>baggage</c> are free text,
/// which would go into our traces and on to whoever is called next.
/// </summary>
internal sealed class TraceParentOnly : DistributedContextPropagator
{
    private const string TraceParent = "traceparent";

    public override IReadOnlyCollection<string> Fields { get; } = [TraceParent];

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        if (activity is { IdFormat: ActivityIdFormat.W3C, Id: { } id })
        {
            setter?.Invoke(carrier, TraceParent, id);
        }
    }

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState)
    {
        (traceId, traceState) = (null, null);
        getter?.Invoke(carrier, TraceParent, out traceId, out _);
        // What is none would become a parent of another format, whole.
        traceId = ActivityContext.TryParse(traceId, null, out _) ? traceId : null;
    }

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
