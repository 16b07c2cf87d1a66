using System.Globalization;

namespace Proofgate.Audit.Ledger;

/// <summary>One log: a hub's partition in one epoch. Its text <c>{hub}-{partition:D2}-{epoch:D6}</c> is the table's partition key.</summary>
public readonly record struct LogName(string Hub, int Partition, int Epoch)
{
    public static bool TryParse(string key, out LogName name)
    {
        name = default;
        // From the end, because a hub's name may hold hyphens.
        if (key.Length < 11 || key[^7] != '-' || key[^10] != '-'
            || !int.TryParse(key.AsSpan(key.Length - 6), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            || !int.TryParse(key.AsSpan(key.Length - 9, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var partition))
        {
            return false;
        }

        name = new LogName(key[..^10], partition, epoch);
        return true;
    }

    internal LogName NextEpoch() => this with { Epoch = Epoch + 1 };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Hub}-{Partition:D2}-{Epoch:D6}");
}
