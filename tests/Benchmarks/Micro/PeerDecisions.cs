using System.Diagnostics;
using System.Text.Json.Nodes;
using Proofgate.Cedar;
using Proofgate.Support;

namespace Proofgate.Benchmarks.Micro;

/// <summary>The same requests over the same policies, by this engine and by Cedar's own from npm, each timed in its own process.</summary>
internal static class PeerDecisions
{
    private const int Rounds = 20_000;
    // The peer looks at every policy: rounds times policies, but a few rounds at least.
    private const int PeerWork = 200_000;
    private const int PeerAtLeast = 128;

    internal static async Task<int> RunAsync()
    {
        foreach (var policies in new[] { 100, 10_000 })
        {
            var scenario = new PolicyScenario(policies);
            var name = $"{policies} policies";
            Console.WriteLine(Ours(scenario, name));
            var file = Path.GetTempFileName();
            try
            {
                await File.WriteAllTextAsync(file, new JsonObject
                {
                    ["name"] = name,
                    ["policies"] = scenario.Text,
                    ["entities"] = JsonNode.Parse(CedarJson.Write(scenario.EntityList)),
                    ["requests"] = new JsonArray([.. scenario.RequestList.Select(request => JsonNode.Parse(CedarJson.Write(request)))]),
                    ["rounds"] = Math.Max(PeerAtLeast, PeerWork / policies),
                }.ToJsonString());
                await using var peer = await Peers.StartAsync("cedar-bench.mjs", [file]);
                var code = await peer.WaitForExitAsync();
                foreach (var line in peer.Output.Concat(peer.Errors))
                    Console.WriteLine(line);
                if (code != 0)
                    return code;
            }
            finally
            {
                File.Delete(file);
            }
        }

        return 0;
    }

    private static string Ours(PolicyScenario scenario, string name)
    {
        var times = new long[Rounds];
        var allowed = 0;
        var collections = GC.CollectionCount(2);
        for (var round = 0; round < Rounds; round++)
        {
            var request = scenario.RequestList[round % scenario.RequestList.Count];
            var started = Stopwatch.GetTimestamp();
            var answer = scenario.Policies.Evaluate(request, scenario.Entities);
            times[round] = Stopwatch.GetTimestamp() - started;
            allowed += answer.Allowed ? 1 : 0;
        }

        // The first half warms up.
        var measured = times[(Rounds / 2)..];
        Array.Sort(measured);
        return $"Proofgate.Cedar, {name}: p50 {Microseconds(measured[measured.Length / 2]):0.00} us, p95 {Microseconds(measured[measured.Length * 95 / 100]):0.00} us, "
            + $"{allowed} of {Rounds} allowed, {GC.CollectionCount(2) - collections} collections of generation 2";
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
