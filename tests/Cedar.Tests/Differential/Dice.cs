namespace Proofgate.Cedar.Tests.Differential;

/// <summary>Seeded chance: the same seed gives the same case on every machine.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>From 0 to below <paramref name="count"/>.</summary>
    public int Roll(int count) => _random.Next(count);

    public long Any() => _random.NextInt64(long.MinValue, long.MaxValue);

    public bool Percent(int percent) => _random.Next(100) < percent;

    public T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    public T[] Some<T>(IReadOnlyList<T> items, int atMost) => [.. Enumerable.Range(0, _random.Next(atMost + 1)).Select(_ => Pick(items)).Distinct()];
}
