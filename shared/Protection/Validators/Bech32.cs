namespace Proofgate.Protection.Validators;

/// <summary>A Bitcoin address of the new forms: the checksums of BIP 173 and BIP 350.</summary>
internal static class Bech32
{
    private const string Letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const uint Bech32M = 0x2bc830a3;

    private static ReadOnlySpan<uint> Generator => [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

    internal static bool IsValid(ReadOnlySpan<char> match)
    {
        var separator = match.LastIndexOf('1');
        if (separator < 1)
            return false;
        var check = 1u;
        foreach (var c in match[..separator])
            check = Step(check, (uint)char.ToLowerInvariant(c) >> 5);
        check = Step(check, 0);
        foreach (var c in match[..separator])
            check = Step(check, (uint)char.ToLowerInvariant(c) & 31);
        foreach (var c in match[(separator + 1)..])
        {
            var value = Letters.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal);
            if (value < 0)
                return false;
            check = Step(check, (uint)value);
        }

        return check is 1 or Bech32M;
    }

    private static uint Step(uint check, uint value)
    {
        var top = check >> 25;
        check = ((check & 0x1ffffff) << 5) ^ value;
        for (var i = 0; i < Generator.Length; i++)
            check ^= (top >> i & 1) == 1 ? Generator[i] : 0;
        return check;
    }
}
