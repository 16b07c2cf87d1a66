namespace Proofgate.Benchmarks.Load;

/// <summary>When events were heard, in milliseconds: the first after the request was sent, later ones after they were written.</summary>
internal sealed class Pace
{
    private readonly Lock _door = new();
    private readonly List<double> _first = [];
    private readonly List<double> _later = [];

    internal int Failed { get; private set; }

    internal int Events => _first.Count + _later.Count;

    internal void Add(double first, IReadOnlyList<double> later)
    {
        lock (_door)
        {
            _first.Add(first);
            _later.AddRange(later);
        }
    }

    internal void Fail()
    {
        lock (_door)
        {
            Failed++;
        }
    }

    /// <summary>To be called once all is heard and before any quantile is asked for.</summary>
    internal Pace Settle()
    {
        _first.Sort();
        _later.Sort();
        return this;
    }

    internal double First(double quantile) => At(_first, quantile);

    internal double Later(double quantile) => At(_later, quantile);

    private static double At(List<double> sorted, double quantile) =>
        sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)(quantile * sorted.Count))];
}
