using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Cedar.Tests.Support;

/// <summary>How long a fuzz test goes on: 15 s, and with PROOFGATE_HEAVY=1 a minute.</summary>
internal static class Rounds
{
    /// <summary>Of each test: the four of them make a minute.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    /// <param name="few">The least rounds, however slow the machine is.</param>
    /// <param name="output">Is told how many there were.</param>
    public static IEnumerable<int> Of(int few, ITestOutputHelper output)
    {
        var started = TimeProvider.System.GetTimestamp();
        var time = Counts.Full ? Long : Short;
        var round = 0;
        for (; round < few || TimeProvider.System.GetElapsedTime(started) < time; round++)
            yield return round;
        output.WriteLine($"{round} rounds in {time.TotalSeconds:0} s{(Counts.Full ? "" : " (PROOFGATE_HEAVY=1 goes on for a minute)")}");
    }
}
