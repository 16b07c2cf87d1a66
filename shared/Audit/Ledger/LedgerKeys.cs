using System.Globalization;

namespace Proofgate.Audit.Ledger;

/// <summary>Row keys of the ledger table. Fixed width, so that their order is the order of numbers; commit rows sort newest first.</summary>
internal static class LedgerKeys
{
    internal const string FirstEvent = "e0000000000000000000";
    internal const string AfterEvents = "e:";
    internal const string FirstSigned = "s0000000000000000000";
    internal const string AfterSigned = "s:";
    internal const string FirstCommit = "z0000000000000000000";
    internal const string AfterCommits = "z:";

    internal static string Event(long index) => string.Create(CultureInfo.InvariantCulture, $"e{index:D19}");

    internal static string Commit(long newSize) => string.Create(CultureInfo.InvariantCulture, $"z{long.MaxValue - newSize:D19}");

    internal static string Signed(long size) => string.Create(CultureInfo.InvariantCulture, $"s{long.MaxValue - size:D19}");

    internal static bool TryEvent(string rowKey, out long index) => TryNumber(rowKey, 'e', out index);

    internal static bool TryCommit(string rowKey, out long newSize)
    {
        var read = TryNumber(rowKey, 'z', out var number);
        newSize = long.MaxValue - number;
        return read;
    }

    internal static bool TrySigned(string rowKey, out long size)
    {
        var read = TryNumber(rowKey, 's', out var number);
        size = long.MaxValue - number;
        return read;
    }

    private static bool TryNumber(string rowKey, char prefix, out long number)
    {
        number = 0;
        return rowKey.Length == 20 && rowKey[0] == prefix
            && long.TryParse(rowKey.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
