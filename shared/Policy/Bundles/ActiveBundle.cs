namespace Proofgate.Policy.Bundles;

/// <summary>What decides now, and by which record: replaced whole, never changed.</summary>
internal sealed record ActiveBundle(PolicyBundle Bundle, Activation? Activation, DateTimeOffset Since)
{
    /// <summary>0: nobody has activated it.</summary>
    internal long Sequence => Activation?.Sequence ?? 0;
}
