using System.Text.Json;

namespace Proofgate.Policy;

/// <summary>Typed access to <c>bundle.json</c> that collects every fault instead of stopping at the first.</summary>
public sealed class BundleReader
{
    private readonly JsonElement _root;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<string> _problems;

    internal BundleReader(JsonElement root, LabelScale labels, List<string> problems)
    {
        (_root, Labels, _problems) = (root, labels, problems);
    }

    public LabelScale Labels { get; }

    public void Problem(string path, string message) => _problems.Add($"bundle.json: {path} {message}");

    /// <summary>The members of a top-level object; none if it is absent.</summary>
    public IEnumerable<(string Name, JsonElement Value)> Members(string section)
    {
        _known.Add(section);
        if (!_root.TryGetProperty(section, out var node))
        {
            return [];
        }

        if (node.ValueKind == JsonValueKind.Object)
        {
            return node.EnumerateObject().Select(static m => (m.Name, m.Value)).Where(m => IsObject(section, m.Name, m.Value));
        }

        Problem(section, "must be an object.");
        return [];
    }

    public string Text(JsonElement node, string path, string member)
    {
        if (node.ValueKind == JsonValueKind.Object && node.TryGetProperty(member, out var value)
            && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= 2048 } text)
        {
            return text;
        }

        Problem($"{path}.{member}", "must be a string of 1 to 2048 characters.");
        return string.Empty;
    }

    public bool Flag(JsonElement node, string path, string member)
    {
        if (node.TryGetProperty(member, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Problem($"{path}.{member}", "must be true or false.");
        return false;
    }

    /// <summary>One of an enumeration's names in any case, hyphens ignored; the default where the member is absent.</summary>
    public T Choice<T>(JsonElement node, string path, string member, T absent)
        where T : struct, Enum
    {
        if (!node.TryGetProperty(member, out var value))
        {
            return absent;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            // Not Enum.TryParse alone: it takes numbers and lists too.
            var text = value.GetString()!.Replace("-", string.Empty, StringComparison.Ordinal);
            if (Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase))
            {
                return Enum.Parse<T>(text, ignoreCase: true);
            }
        }

        Problem($"{path}.{member}", $"must be one of {string.Join(", ", Enum.GetNames<T>().Select(static n => n.ToLowerInvariant()))}.");
        return absent;
    }

    /// <summary>A label's rank by its name.</summary>
    public long Label(JsonElement node, string path, string member)
    {
        if (node.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String && Labels.TryRank(value.GetString()!, out var rank))
        {
            return rank;
        }

        Problem(path, $"must be one of the bundle's labels ({string.Join(", ", Labels.Names)}).");
        return 0;
    }

    /// <summary>Reports the top-level members that nobody read: a misspelt control would never fire.</summary>
    internal void RefuseUnknown(params IEnumerable<string> others)
    {
        _known.UnionWith(others);
        foreach (var member in _root.EnumerateObject().Where(m => !_known.Contains(m.Name)))
        {
            Problem(member.Name, "is not known here. Check its spelling.");
        }
    }

    private bool IsObject(string section, string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            Problem($"{section}.{name}", "must be an object.");
        }

        return value.ValueKind == JsonValueKind.Object;
    }
}
