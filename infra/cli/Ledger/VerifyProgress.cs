using Proofgate.Cli.Output;

namespace Proofgate.Cli.Ledger;

/// <summary>Tells who watches how far a long verification is, every few seconds.</summary>
internal sealed class VerifyProgress(Printer printer, TimeProvider time) : IProgress<long>
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    private long _last = time.GetTimestamp();

    public void Report(long value)
    {
        if (time.GetElapsedTime(_last) >= Pace)
        {
            _last = time.GetTimestamp();
            printer.Remark($"{value} rows checked ...");
        }
    }
}
