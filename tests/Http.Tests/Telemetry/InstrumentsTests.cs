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
        var found = new List<(string Name, string? Unit)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name.StartsWith("Proofgate.", StringComparison.Ordinal))
                {
                    lock (found)
                    {
                        found.Add((instrument.Name, instrument.Unit));
                    }
                }
            },
        };
        foreach (var room in new[] { typeof(Enforcement.Pipeline), typeof(Audit.AuditOptions) })
        {
            RuntimeHelpers.RunClassConstructor(room.Assembly.GetType($"{room.Namespace}.Measures", throwOnError: true)!.TypeHandle);
        }

        listener.Start();
        Assert.Equal(Instruments.All.Select(static i => (i.Name, (string?)i.Unit)).Order(), found.Distinct().Order());
    }

    [Fact]
    public void Readme_DocumentsEachOfThem_WithItsTags()
    {
        var rows = Regex.Matches(File.ReadAllText(RepositoryRoot.Of("shared", "Http", "README.md")), @"(?m)^\| `(proofgate\.[a-z._]+)` \|([^|]*)\|([^|]*)\|")
            .Select(static m => $"{m.Groups[1].Value} {m.Groups[2].Value.Trim()} {string.Join(",", Regex.Matches(m.Groups[3].Value, "`([a-z]+)`").Select(static t => t.Groups[1].Value))}");
        Assert.Equal(Instruments.All.Select(static i => $"{i.Name} {i.Unit} {string.Join(",", i.Tags)}").Order(), rows.Order());
    }
}
