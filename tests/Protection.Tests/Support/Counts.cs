using Xunit.Abstractions;

namespace Proofgate.Protection.Tests.Support;

/// <summary>How often a heavy test runs: all of it with PROOFGATE_HEAVY=1, a hundredth else.</summary>
internal static class Counts
{
    internal static int Of(int full, ITestOutputHelper output)
    {
        var heavy = Environment.GetEnvironmentVariable("PROOFGATE_HEAVY") == "1";
        var count = heavy ? full : Math.Max(1, full / 100);
        output.WriteLine($"{count} rounds ({(heavy ? "full" : "a hundredth; PROOFGATE_HEAVY=1 runs all")})");
        return count;
    }
}
