using System.Diagnostics;
using System.Globalization;
using Proofgate.Benchmarks.Load;

namespace Proofgate.Benchmarks.Data;

/// <summary>Rows a second, and what one costs the process that gives it.</summary>
internal sealed class Rates
{
    private readonly List<double> _rates = [];
    private readonly List<double> _cpu = [];

    internal double Median => Sample.Median(_rates);

    internal async Task MeasureAsync(long expected, Func<TimeSpan> cpu, Func<Task<long>> read, bool counts)
    {
        var (busy, watch) = (cpu(), Stopwatch.StartNew());
        var rows = await read();
        var rate = rows / watch.Elapsed.TotalSeconds;
        if (rows != expected)
        {
            throw new InvalidOperationException($"{rows} rows came instead of {expected}.");
        }

        if (counts)
        {
            _rates.Add(rate);
            _cpu.Add((cpu() - busy).TotalMicroseconds / rows);
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Median,10:0} rows/s   {Sample.Median(_cpu),4:0.0} us of CPU a row");
}
