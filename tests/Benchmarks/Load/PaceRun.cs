using System.Globalization;
using System.Text;

namespace Proofgate.Benchmarks.Load;

/// <summary>
/// What stands between a model and its reader adds to the first event and to each later one: streams at a model's pace, direct, through
/// bare YARP, through Portkey's gateway and through Proofgate with every control on, in interleaved rounds. Exit code 1 if any stream failed.
/// </summary>
internal static class PaceRun
{
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(10);

    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        """{"model":"assistant","stream":true,"messages":[{"role":"system","content":"You answer in one sentence."},{"role":"user","content":"What does a ledger prove, and to whom?"}]}""");

    internal static async Task<int> RunAsync(LoadOptions options)
    {
        var gap = Gap.TotalMilliseconds.ToString(CultureInfo.InvariantCulture);
        await using var upstream = await Contender.StartSelfAsync("direct", "upstream", gap);
        await using var yarp = await Contender.StartSelfAsync("YARP, bare", "yarp", upstream.Address.ToString());
        await using var portkey = await Contender.StartPortkeyAsync(upstream.Address);
        await using var proofgate = await Contender.StartGatewayAsync(upstream.Address);
        Contender[] contenders = [upstream, yarp, .. portkey is null ? (Contender[])[] : [portkey], proofgate];
        Console.WriteLine(
            $"Streams of {FastUpstream.StreamEvents} events, {gap} ms apart; {options.Rounds} interleaved rounds of {options.Time.TotalSeconds:0} s; all rounds together; times in ms.");
        var failed = 0;
        foreach (var connections in options.Connections)
        {
            failed += await CompareAsync(contenders, connections, options);
        }

        return failed == 0 ? 0 : 1;
    }

    private static async Task<int> CompareAsync(Contender[] contenders, int connections, LoadOptions options)
    {
        var heard = contenders.ToDictionary(static c => c, static _ => new Pace());
        for (var round = -1; round < options.Rounds; round++)
        {
            foreach (var contender in contenders)
            {
                // The first round warms up and is not kept.
                await PaceListener.RunAsync(contender, Body, connections, round < 0 ? options.WarmUp : options.Time, round < 0 ? new Pace() : heard[contender]);
                await contender.SettledAsync();
            }
        }

        Console.WriteLine();
        Console.WriteLine($"{connections} stream{(connections == 1 ? string.Empty : "s")} at a time");
        Console.WriteLine($"  {"",-12} {"first p50",10} {"first p99",10} {"later p50",10} {"later p99",10} {"added: first",14} {"p99",8} {"later",8} {"p99",8} {"events",8} {"failed",7}");
        var direct = heard[contenders[0]].Settle();
        foreach (var contender in contenders)
        {
            var pace = heard[contender].Settle();
            Console.WriteLine(
                $"  {contender.Name,-12} {pace.First(0.5),10:0.000} {pace.First(0.99),10:0.000} {pace.Later(0.5),10:0.000} {pace.Later(0.99),10:0.000} "
                + $"{pace.First(0.5) - direct.First(0.5),14:0.000} {pace.First(0.99) - direct.First(0.99),8:0.000} "
                + $"{pace.Later(0.5) - direct.Later(0.5),8:0.000} {pace.Later(0.99) - direct.Later(0.99),8:0.000} {pace.Events,8} {pace.Failed,7}");
        }

        return heard.Values.Sum(static p => p.Failed);
    }
}
