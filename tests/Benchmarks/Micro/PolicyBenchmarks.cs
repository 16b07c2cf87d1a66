using BenchmarkDotNet.Attributes;
using Proofgate.Cedar;

namespace Proofgate.Benchmarks.Micro;

/// <summary>What a decision costs: 64 requests in turn, over few and over many policies.</summary>
[MemoryDiagnoser]
public class PolicyBenchmarks
{
    private PolicyScenario _scenario = null!;
    private int _next;

    [Params(100, 10_000)]
    public int Policies { get; set; }

    [GlobalSetup]
    public void Setup() => _scenario = new PolicyScenario(Policies);

    [Benchmark]
    public Authorization Decide() =>
        _scenario.Policies.Evaluate(_scenario.RequestList[_next++ & 63], _scenario.Entities);
}
