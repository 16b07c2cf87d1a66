using Xunit.Abstractions;

namespace Proofgate.Identity.Tests.Support;

/// <summary>Full counts with PROOFGATE_HEAVY=1, else a hundredth.</summary>
internal static class TestSize
{
    public static int Of(int full, ITestOutputHelper output)
    {
        var heavy = Environment.GetEnvironmentVariable("PROOFGATE_HEAVY") == "1";
        var count = heavy ? full : Math.Max(1, full / 100);
        output.WriteLine($"{count} cases ({(heavy ? "full" : "a hundredth; PROOFGATE_HEAVY=1 runs all")}).");
        return count;
    }
}
