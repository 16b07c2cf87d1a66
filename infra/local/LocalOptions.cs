using Proofgate.Local.Hub;

namespace Proofgate.Local;

/// <summary>What one run of this program starts.</summary>
internal sealed record LocalOptions
{
    internal required HubOptions Hub { get; init; }

    /// <summary>Null: the storage runs already, and is somebody else's.</summary>
    internal required AzuriteOptions? Storage { get; init; }

    /// <summary>The local.settings.json to write; null: the settings are printed only.</summary>
    internal required string? SettingsFile { get; init; }
}
