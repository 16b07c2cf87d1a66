using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Proofgate.Http.Telemetry;
using Proofgate.Support;

namespace Proofgate.Http.Tests.Telemetry;

/// <summary>What is documented is what there is.</summary>
public sealed class InstrumentsTests
{
    [Fact]
    public void Instruments_AreThoseThatExist()
    {
        var made = Directory.EnumerateFiles(RepositoryRoot.Of("shared"), "*.cs", SearchOption.AllDirectories)
            .Where(static f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText)
            .Where(static text => text.Contains("using System.Diagnostics.Metrics;", StringComparison.Ordinal))
            .SelectMany(static text => Regex.Matches(text, "\"(proofgate\\.[a-z_.]+)\"").Select(static m => m.Groups[1].Value));
        Assert.Equal(Instruments.All.Select(static i => i.Name).Order(), made.Distinct().Order());
    }

    [Fact]
    public void Meters_AreThoseThatAreSent()
    {
        var meters = new HashSet<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Name.StartsWith("proofgate.", StringComparison.Ordinal))
                {
                    lock (meters)
                    {
                        meters.Add($"{instrument.Meter.Name} {instrument.Name} {instrument.Unit}");
                    }
                }
            },
        };
        foreach (var room in new[] { typeof(Enforcement.Pipeline), typeof(Audit.AuditOptions) })
        {
            RuntimeHelpers.RunClassConstructor(room.Assembly.GetType($"{room.Namespace}.Measures", throwOnError: true)!.TypeHandle);
        }

        using var breakers = new Inference.Routing.TargetBreakers(
            Microsoft.Extensions.Options.Options.Create(new Inference.Routing.RoutingOptions()), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<Inference.Routing.TargetBreakers>.Instance);
        listener.Start();
        Assert.All(meters, static m => Assert.Contains(m.Split(' ')[0], Instruments.Meters));
        Assert.All(meters, static m => Assert.Contains(Instruments.All, i => m.EndsWith($" {i.Name} {i.Unit}", StringComparison.Ordinal)));
        Assert.True(meters.Count >= 12, string.Join('\n', meters));
    }

    [Fact]
    public void Readme_DocumentsEachOfThem_WithItsTags()
    {
        var rows = Regex.Matches(File.ReadAllText(RepositoryRoot.Of("shared", "Http", "README.md")), @"(?m)^\| `(proofgate\.[a-z._]+)` \|([^|]*)\|([^|]*)\|")
            .Select(static m => $"{m.Groups[1].Value} {m.Groups[2].Value.Trim()} {string.Join(",", Regex.Matches(m.Groups[3].Value, "`([a-z]+)`").Select(static t => t.Groups[1].Value))}");
        Assert.Equal(Instruments.All.Select(static i => $"{i.Name} {i.Unit} {string.Join(",", i.Tags)}").Order(), rows.Order());
    }
}
