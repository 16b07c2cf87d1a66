namespace Proofgate.Local.Hub;

/// <summary>What a link's address names: a hub to send to, one of its partitions, or a partition in a consumer group to receive from.</summary>
internal readonly record struct HubAddress(string Hub, string? Group, string? Partition)
{
    /// <summary>.NET puts a slash before it, some clients the whole address of the hub.</summary>
    internal static string Normalize(string? address) => (Uri.TryCreate(address, UriKind.Absolute, out var uri) && !uri.IsFile ? uri.AbsolutePath : address ?? "").Trim('/');

    internal static HubAddress? TryParse(string path) => path.Split('/') switch
    {
        [{ Length: > 0 } hub] => new HubAddress(hub, null, null),
        [{ Length: > 0 } hub, var p, var id] when Is(p, "Partitions") => new HubAddress(hub, null, id),
        [{ Length: > 0 } hub, var c, var group, var p, var id] when Is(c, "ConsumerGroups") && Is(p, "Partitions") => new HubAddress(hub, group, id),
        _ => null,
    };

    private static bool Is(string part, string name) => part.Equals(name, StringComparison.OrdinalIgnoreCase);
}
