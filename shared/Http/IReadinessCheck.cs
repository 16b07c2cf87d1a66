namespace Proofgate.Http;

/// <summary>One dependency's state for <c>/readyz</c>. Cheap: it reports what is known and asks nobody.</summary>
public interface IReadinessCheck
{
    string Name { get; }

    Readiness Check();
}
