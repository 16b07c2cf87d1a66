namespace Proofgate.Audit.Publishing;

/// <summary>Bounds of the event format that every transport and the ledger can hold.</summary>
internal static class EventLimits
{
    /// <summary>Bytes of one published event. The ledger itself holds bodies up to 960 KiB.</summary>
    internal const int MaxEventBytes = 256 * 1024;

    /// <summary>Room for <c>v</c> to <c>prev</c>, which are written when a batch is sealed.</summary>
    internal const int MaxHeadBytes = 224;
}
