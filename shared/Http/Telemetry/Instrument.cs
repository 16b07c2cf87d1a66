namespace Proofgate.Http.Telemetry;

/// <summary>A metric as it is documented.</summary>
/// <param name="Name">What dashboards and alerts call it.</param>
/// <param name="Unit">In the notation of UCUM.</param>
/// <param name="Tags">The only ones that it has.</param>
public sealed record Instrument(string Name, string Unit, IReadOnlyList<string> Tags);
