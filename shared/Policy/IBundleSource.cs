using System.Diagnostics.CodeAnalysis;

namespace Proofgate.Policy;

/// <summary>The bundle that decides now. No bundle: every call is refused.</summary>
public interface IBundleSource
{
    bool TryGet([NotNullWhen(true)] out PolicyBundle? bundle);

    /// <summary>For <c>/readyz</c>: what is active, and why a newer bundle was not taken.</summary>
    BundleState State { get; }
}
