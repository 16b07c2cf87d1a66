using Proofgate.Identity;
using Proofgate.Policy;

namespace Proofgate.Enforcement.Tools;

/// <summary>All sources as one. A name that two of them claim is nobody's: which of them a call would reach must not depend on their order.</summary>
public sealed class ToolRegistry(IEnumerable<IToolSource> sources)
{
    /// <summary>By name.</summary>
    public ValueTask<IReadOnlyDictionary<string, (IToolSource Source, ToolDescription Tool)>> ToolsAsync(
        PolicyBundle bundle, Caller caller, string? only, CancellationToken cancellationToken) => GatherAsync(s => s.ListToolsAsync(bundle, caller, only, cancellationToken), static t => ToolName.IsValid(t.Name) ? t.Name : null);

    /// <summary>By address.</summary>
    public ValueTask<IReadOnlyDictionary<string, (IToolSource Source, ToolResource Resource)>> ResourcesAsync(PolicyBundle bundle, Caller caller, CancellationToken cancellationToken) =>
        GatherAsync(s => s.ListResourcesAsync(bundle, caller, cancellationToken), static r => r.Uri);

    private async ValueTask<IReadOnlyDictionary<string, (IToolSource, T)>> GatherAsync<T>(
        Func<IToolSource, ValueTask<IReadOnlyList<T>>> list, Func<T, string?> nameOf)
    {
        var all = new Dictionary<string, (IToolSource, T)>(StringComparer.Ordinal);
        var contested = new HashSet<string>(StringComparer.Ordinal);
        // All at once: one that is slow to say what it has does not make the others wait for it in turn.
        var lists = sources.Select(async source => (source, await list(source))).ToList();
        foreach (var (source, entries) in await Task.WhenAll(lists))
        {
            foreach (var entry in entries)
            {
                if (nameOf(entry) is { } name && !all.TryAdd(name, (source, entry)))
                {
                    contested.Add(name);
                }
            }
        }

        foreach (var name in contested)
        {
            all.Remove(name);
        }

        return all;
    }
}
