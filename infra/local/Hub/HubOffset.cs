using System.Globalization;

namespace Proofgate.Local.Hub;

/// <summary>
/// Offsets are texts without meaning to a client. They are not the sequence numbers, so that a client that takes one for the other is found out
/// here and not in Azure.
/// </summary>
internal static class HubOffset
{
    private const int Step = 256;

    internal static string Of(long sequence) => (sequence * Step).ToString(CultureInfo.InvariantCulture);

    /// <summary>The first sequence number at, or past, an offset.</summary>
    internal static long FirstFrom(long offset, bool inclusive) => offset < 0
        ? 0
        : (offset / Step) + (inclusive && offset % Step == 0 ? 0 : 1);
}
