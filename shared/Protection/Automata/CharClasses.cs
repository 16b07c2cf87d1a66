namespace Proofgate.Protection.Automata;

/// <summary>Divides the UTF-16 code units into classes that no rule tells apart. Class 0 holds the zero-width characters.</summary>
internal sealed class CharClasses
{
    internal const byte ZeroWidth = 0;
    private const int CodeUnits = char.MaxValue + 1;

    private readonly byte[] _classOf = new byte[CodeUnits];
    private readonly List<char> _examples = [];

    /// <exception cref="InvalidDataException">The sets need more than 256 classes.</exception>
    internal CharClasses(CharSet zeroWidth, IEnumerable<CharSet> sets)
    {
        CharSet[] all = [zeroWidth, .. sets];
        var cuts = new SortedSet<int> { 0, CodeUnits };
        foreach (var (from, to) in all.SelectMany(set => set.Ranges))
        {
            cuts.Add(from);
            cuts.Add(to + 1);
        }

        var known = new Dictionary<string, byte>();
        var start = 0;
        _examples.Add(zeroWidth.Ranges[0].From);
        foreach (var end in cuts.Skip(1))
        {
            var c = (char)start;
            byte id = ZeroWidth;
            if (!zeroWidth.Contains(c))
            {
                var signature = new string([.. all.Select(set => set.Contains(c) ? '1' : '0')]);
                if (!known.TryGetValue(signature, out id))
                {
                    if (_examples.Count > byte.MaxValue)
                        throw new InvalidDataException("The rules tell more than 256 classes of characters apart.");
                    id = (byte)_examples.Count;
                    known.Add(signature, id);
                    _examples.Add(c);
                }
            }

            _classOf.AsSpan(start, end - start).Fill(id);
            start = end;
        }
    }

    internal int Count => _examples.Count;

    /// <summary>The class of each code unit, by its number.</summary>
    internal byte[] Table => _classOf;

    /// <summary>True for each class that lies in <paramref name="set"/>.</summary>
    internal bool[] Of(CharSet set) => [.. _examples.Select(set.Contains)];
}
