namespace Proofgate.Benchmarks.Load;

/// <summary>What one round of one row measured: times in milliseconds, and the status of each request that failed.</summary>
internal sealed record Sample(double[] Total, double[] FirstByte, double Seconds, int[] Failed)
{
    internal double PerSecond => Total.Length / Seconds;

    internal double P(double quantile) => Quantile(Total, quantile);

    internal double FirstByteP(double quantile) => Quantile(FirstByte, quantile);

    internal static double Median(IEnumerable<double> values) => Quantile([.. values.Order()], 0.5);

    private static double Quantile(double[] sorted, double quantile) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(quantile * sorted.Length))];
}
