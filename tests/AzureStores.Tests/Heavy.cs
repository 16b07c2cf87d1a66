using Xunit.Abstractions;

namespace Proofgate.AzureStores.Tests;

/// <summary>Full counts with PROOFGATE_HEAVY=1, else a hundredth.</summary>
internal static class Heavy
{
    internal static int Count(int full, ITestOutputHelper output)
    {
        var heavy = Environment.GetEnvironmentVariable("PROOFGATE_HEAVY") == "1";
        var count = heavy ? full : Math.Max(1, full / 100);
        output.WriteLine($"{count} rounds{(heavy ? "" : $", {full} with PROOFGATE_HEAVY=1")}");
        return count;
    }
}
