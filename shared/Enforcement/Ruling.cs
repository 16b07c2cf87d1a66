namespace Proofgate.Enforcement;

/// <summary>The pipeline's answer to a call.</summary>
public abstract record Ruling<TCall>
    where TCall : Call
{
    private Ruling()
    {
    }

    public sealed record Admitted(AdmittedCall<TCall> Call) : Ruling<TCall>;

    public sealed record Refused(Refusal Refusal) : Ruling<TCall>;
}
