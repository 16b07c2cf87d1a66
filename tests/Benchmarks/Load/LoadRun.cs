using System.Text;

namespace Proofgate.Benchmarks.Load;

/// <summary>
/// The same requests direct, through bare YARP, through Portkey's gateway and through Proofgate with every control on, in interleaved rounds on one machine.
/// Prints a table of medians; exit code 1 if any request failed.
/// </summary>
internal static class LoadRun
{
    internal static async Task<int> RunAsync(LoadOptions options)
    {
        await using var upstream = await Contender.StartSelfAsync("direct", "upstream");
        await using var yarp = await Contender.StartSelfAsync("YARP, bare", "yarp", upstream.Address.ToString());
        await using var portkey = await Contender.StartPortkeyAsync(upstream.Address);
        var failed = 0;
        Console.WriteLine($"{options.Rounds} interleaved rounds of {options.Time.TotalSeconds:0} s each; medians over the rounds; times in ms.");
        Console.WriteLine($"Proofgate: API key, policy (2 decisions and {Protection.RuleSet.Default.Kinds.Count} questions), admission, redaction, decision and outcome durable (fsync) before and after.");
        foreach (var stream in new[] { false, true })
        {
            foreach (var connections in options.Connections)
            {
                // A fresh ledger each time: what earlier rows wrote is no burden to later ones.
                await using var proofgate = await Contender.StartGatewayAsync(upstream.Address);
                failed += await CompareAsync([upstream, yarp, .. portkey is null ? (Contender[])[] : [portkey], proofgate], stream, connections, options);
            }
        }

        return failed == 0 ? 0 : 1;
    }

    private static async Task<int> CompareAsync(Contender[] contenders, bool stream, int connections, LoadOptions options)
    {
        var body = Encoding.UTF8.GetBytes(
            $$"""{"model":"assistant",{{(stream ? "\"stream\":true," : string.Empty)}}"messages":[{"role":"system","content":"You answer in one sentence."},{"role":"user","content":"What does a ledger prove, and to whom?"}]}""");
        var samples = contenders.ToDictionary(static c => c, static _ => new List<Sample>());
        foreach (var contender in contenders)
        {
            await Generator.RunAsync(contender, body, connections, options.WarmUp);
            await contender.SettledAsync();
        }

        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var contender in contenders)
            {
                samples[contender].Add(await Generator.RunAsync(contender, body, connections, options.Time));
                await contender.SettledAsync();
            }
        }

        Console.WriteLine();
        Console.WriteLine($"{(stream ? $"streamed, {FastUpstream.StreamEvents} events" : "plain")}, {connections} connection{(connections == 1 ? string.Empty : "s")}");
        Console.WriteLine($"  {"",-12} {"req/s",9} {"p50",8} {"p95",8} {"p99",8} {"first p50",10} {"first p99",10} {"RSS MiB",8} {"failed",7}");
        foreach (var contender in contenders)
        {
            Print(contender, samples[contender]);
        }

        var (yarp, gateway) = (samples[contenders[1]], samples[contenders[^1]]);
        Console.WriteLine(
            $"  Proofgate over YARP: p50 {Sample.Median(gateway.Select(static s => s.P(0.5))) - Sample.Median(yarp.Select(static s => s.P(0.5))):+0.000;-0.000} ms, "
            + $"requests per second x {Sample.Median(gateway.Select(static s => s.PerSecond)) / Sample.Median(yarp.Select(static s => s.PerSecond)):0.00}");
        return samples.Values.Sum(static rounds => rounds.Sum(static s => s.Failed.Length));
    }

    private static void Print(Contender contender, List<Sample> rounds) => Console.WriteLine(
        $"  {contender.Name,-12} {Sample.Median(rounds.Select(static s => s.PerSecond)),9:0} {Sample.Median(rounds.Select(static s => s.P(0.5))),8:0.000} "
        + $"{Sample.Median(rounds.Select(static s => s.P(0.95))),8:0.000} {Sample.Median(rounds.Select(static s => s.P(0.99))),8:0.000} "
        + $"{Sample.Median(rounds.Select(static s => s.FirstByteP(0.5))),10:0.000} {Sample.Median(rounds.Select(static s => s.FirstByteP(0.99))),10:0.000} "
        + $"{contender.ResidentMiB,8:0} {rounds.Sum(static s => s.Failed.Length),7} {string.Join(' ', rounds.SelectMany(static s => s.Failed).Distinct().Order())}");
}
