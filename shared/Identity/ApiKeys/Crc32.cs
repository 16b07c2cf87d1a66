namespace Proofgate.Identity.ApiKeys;

/// <summary>CRC-32 of IEEE 802.3 (reflected, polynomial 0xEDB88320). It finds typing errors and truncation; it protects nothing.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = Build();

    /// <param name="text">ASCII only; the caller has checked it.</param>
    internal static uint Of(ReadOnlySpan<char> text)
    {
        var crc = uint.MaxValue;
        foreach (var c in text)
        {
            crc = Table[(byte)(crc ^ c)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] Build()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            var entry = i;
            for (var bit = 0; bit < 8; bit++)
            {
                entry = (entry & 1) == 0 ? entry >> 1 : (entry >> 1) ^ 0xEDB88320;
            }

            table[i] = entry;
        }

        return table;
    }
}
