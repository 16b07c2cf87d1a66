using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Proofgate.Policy.Bundles;

/// <summary>Reads <c>bundle.json</c>: strict JSON, and of its members those that no room owns.</summary>
internal static class ManifestFile
{
    internal const string Name = "bundle.json";

    private const string DecisionLifetime = "decisionLifetime";

    private static readonly TimeSpan DefaultDecisionLifetime = TimeSpan.FromMinutes(5);

    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = 32,
    };

    /// <summary>Members that <see cref="Read"/> reads and no section does.</summary>
    internal static string[] Members { get; } = ["name", "labels", "timeZone", DecisionLifetime];

    internal static bool TryParse(
        IReadOnlyDictionary<string, byte[]> files, [NotNullWhen(true)] out JsonDocument? document, [NotNullWhen(false)] out string? problem)
    {
        (document, problem) = (null, null);
        if (!files.TryGetValue(Name, out var content))
        {
            problem = $"The bundle has no {Name}.";
            return false;
        }

        try
        {
            document = JsonDocument.Parse(content, Strict);
            problem = document.RootElement.ValueKind != JsonValueKind.Object ? $"{Name}: must be an object."
                : !IsUnicode(document.RootElement) ? $"{Name}: has a string that is not Unicode text."
                : null;
        }
        catch (JsonException e)
        {
            problem = $"{Name}: is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine}).";
        }
        catch (InvalidOperationException)
        {
            problem = $"{Name}: has a member's name that is not Unicode text.";
        }

        if (problem is not null)
        {
            document?.Dispose();
            document = null;
        }

        return document is not null;
    }

    internal static Manifest Read(JsonElement root, BundleReader reader) => new(
        reader.Text(root, "$", "name"), ReadTimeZone(root, reader), ReadDecisionLifetime(root, reader),
        reader.Members("kinds").ToDictionary(static k => k.Name, k => reader.Label(k.Value, $"kinds.{k.Name}.label", "label"), StringComparer.Ordinal));

    internal static LabelScale ReadLabels(JsonElement root, List<string> problems)
    {
        if (!root.TryGetProperty("labels", out var node))
        {
            return LabelScale.Default;
        }

        if (node.ValueKind == JsonValueKind.Array && node.GetArrayLength() is > 0 and <= 64
            && node.EnumerateArray().All(static l => l.ValueKind == JsonValueKind.String && l.GetString()!.Length is > 0 and <= 64)
            && node.EnumerateArray().Select(static l => l.GetString()!).Distinct(StringComparer.Ordinal).Count() == node.GetArrayLength())
        {
            return new LabelScale([.. node.EnumerateArray().Select(static l => l.GetString()!)]);
        }

        problems.Add($"{Name}: labels must be a list of 1 to 64 different names, lowest first.");
        return LabelScale.Default;
    }

    private static TimeZoneInfo ReadTimeZone(JsonElement root, BundleReader reader)
    {
        if (!root.TryGetProperty("timeZone", out _))
        {
            return TimeZoneInfo.Utc;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(reader.Text(root, "$", "timeZone"), out var zone))
        {
            return zone;
        }

        reader.Problem("timeZone", "must be a time zone of the IANA database, for example Europe/Berlin.");
        return TimeZoneInfo.Utc;
    }

    /// <summary>Seconds for which a decision may be relied on: 1 to 3,600, by default 300.</summary>
    private static TimeSpan ReadDecisionLifetime(JsonElement root, BundleReader reader)
    {
        if (!root.TryGetProperty(DecisionLifetime, out var node))
        {
            return DefaultDecisionLifetime;
        }

        if (node.ValueKind == JsonValueKind.Number && node.TryGetInt32(out var seconds) && seconds is >= 1 and <= 3600)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        reader.Problem(DecisionLifetime, "must be whole seconds, 1 to 3600.");
        return DefaultDecisionLifetime;
    }

    /// <summary>Whether every string can be read. The parser lets bad UTF-8 and lone surrogates pass.</summary>
    private static bool IsUnicode(JsonElement node)
    {
        try
        {
            return node.ValueKind switch
            {
                JsonValueKind.String => node.GetString() is not null,
                JsonValueKind.Object => node.EnumerateObject().All(static m => m.Name is not null && IsUnicode(m.Value)),
                JsonValueKind.Array => node.EnumerateArray().All(IsUnicode),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
