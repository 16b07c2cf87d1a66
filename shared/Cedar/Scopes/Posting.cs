namespace Proofgate.Cedar.Scopes;

/// <summary>Policies with one constraint in common: their numbers, or a bit for each policy of the set where that is shorter. So adding one to
/// the matches never costs more than a step a word, however many policies share it.</summary>
internal readonly struct Posting
{
    public const int WordBits = 64;

    private readonly int[]? _numbers;
    private readonly ulong[]? _bits;

    private Posting(int[]? numbers, ulong[]? bits)
    {
        _numbers = numbers;
        _bits = bits;
    }

    public static int Words(int policies) => (policies + WordBits - 1) / WordBits;

    public static Posting Of(int[] numbers, int words)
    {
        if (numbers.Length <= words)
            return new Posting(numbers, null);

        var bits = new ulong[words];
        foreach (var number in numbers)
            Set(bits, number);
        return new Posting(null, bits);
    }

    public void AddTo(Span<ulong> matches)
    {
        if (_bits is not null)
        {
            for (var i = 0; i < matches.Length; i++)
                matches[i] |= _bits[i];
        }
        else if (_numbers is not null)
        {
            foreach (var number in _numbers)
                Set(matches, number);
        }
    }

    private static void Set(Span<ulong> matches, int number) => matches[number / WordBits] |= 1UL << (number % WordBits);
}
