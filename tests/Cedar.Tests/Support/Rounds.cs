using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Cedar.Tests.Support;

/// <summary>How long a fuzz test goes on: a number of rounds, and with PROOFGATE_HEAVY=1 a minute.</summary>
internal static class Rounds
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    public static IEnumerable<int> Of(int few, ITestOutputHelper output)
    {
        var started = TimeProvider.System.GetTimestamp();
        var round = 0;
        for (; Counts.Full ? TimeProvider.System.GetElapsedTime(started) < Long : round < few; round++)
            yield return round;
        output.WriteLine($"{round} rounds ({(Counts.Full ? "a minute" : "PROOFGATE_HEAVY=1 goes on for a minute")})");
    }
}
