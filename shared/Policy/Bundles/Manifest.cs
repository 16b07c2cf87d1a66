namespace Proofgate.Policy.Bundles;

/// <summary>What <c>bundle.json</c> says beside the sections of the rooms.</summary>
internal sealed record Manifest(string Name, TimeZoneInfo TimeZone, TimeSpan DecisionLifetime, IReadOnlyDictionary<string, long> KindLabels);
