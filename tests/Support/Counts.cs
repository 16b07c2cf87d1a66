using Xunit.Abstractions;

namespace Proofgate.Support;

/// <summary>How often a heavy test runs: as often as its issue asks with PROOFGATE_HEAVY=1, a hundredth of that else, and it says which.</summary>
public static class Counts
{
    public static bool Full { get; } = Environment.GetEnvironmentVariable("PROOFGATE_HEAVY") == "1";

    public static int Of(int full, ITestOutputHelper output)
    {
        var count = Full ? full : Math.Max(1, full / 100);
        output.WriteLine($"{count} rounds ({(Full ? "full" : "a hundredth; PROOFGATE_HEAVY=1 runs all")})");
        return count;
    }
}
