namespace Proofgate.Infra.Tests.Settings;

/// <summary>
/// Stands for <c>EventHubsOptions</c>, whose project needs packages that a registry may lack. tests/Conventions checks the real one.
/// </summary>
internal sealed class HubKeys
{
    public object? Connection { get; set; }

    public string? HistoryGroup { get; set; }
}
