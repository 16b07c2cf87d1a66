using Microsoft.Extensions.Configuration;

namespace Proofgate.EventHubs;

/// <summary>Section <c>Proofgate:EventHubs</c>. The hub's name is <c>Proofgate:Audit:Hub</c>.</summary>
public sealed class EventHubsOptions
{
    public const string Section = "Proofgate:EventHubs";

    /// <summary>
    /// A connection string (the emulator's: a deployment has shared keys switched off), or a section with <c>fullyQualifiedNamespace</c> and, for
    /// a user-assigned identity, <c>credential</c> and <c>clientId</c>. The Functions host reads the same names for its trigger.
    /// </summary>
    public const string ConnectionSection = Section + ":" + nameof(Connection);

    public HubConnection Connection { get; set; } = new();

    /// <summary>Consumer group in which the ledger's writer reads again what it has missed. Default <c>history</c>.</summary>
    public string HistoryGroup { get; set; } = "history";

    /// <summary>The value of <see cref="ConnectionSection"/> itself.</summary>
    internal string? ConnectionString { get; private set; }

    private IReadOnlyList<string> Unknown { get; set; } = [];

    /// <summary>What a binder does not see: the section's own value, and names below it that nobody reads.</summary>
    internal void ReadConnection(IConfigurationSection section)
    {
        ConnectionString = section.Value;
        var known = typeof(HubConnection).GetProperties().Select(static p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Unknown = [.. section.GetChildren().Where(child => !known.Contains(child.Key)).Select(static child => child.Path)];
    }

    internal IEnumerable<string> Problems()
    {
        const string Namespace = $"{ConnectionSection}:{nameof(HubConnection.FullyQualifiedNamespace)}";
        if (ConnectionString is null == Connection.FullyQualifiedNamespace is null)
        {
            yield return $"Set one of {ConnectionSection} (a connection string) and {Namespace}.";
        }

        if (Connection.FullyQualifiedNamespace is { } name && Uri.CheckHostName(name) != UriHostNameType.Dns)
        {
            yield return $"{Namespace} must be a host name such as name.servicebus.windows.net.";
        }

        foreach (var path in Unknown)
        {
            yield return $"{path} is not a setting of Proofgate. Check its spelling.";
        }

        if (string.IsNullOrWhiteSpace(HistoryGroup))
        {
            yield return $"{Section}:{nameof(HistoryGroup)} must name a consumer group.";
        }
    }
}
