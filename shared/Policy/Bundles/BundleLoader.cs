using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Proofgate.Policy.Bundles;

/// <summary>Reads a bundle: <c>bundle.json</c> and all <c>*.cedar</c>, checked whole before any of it is used.</summary>
public sealed class BundleLoader(IEnumerable<IBundleSection> sections)
{
    /// <summary>Bytes of all files of a bundle together.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>Files in a bundle.</summary>
    public const int MaxFiles = 1000;

    internal const string Manifest = "bundle.json";

    private const string DecisionLifetime = "decisionLifetime";

    private static readonly TimeSpan DefaultDecisionLifetime = TimeSpan.FromMinutes(5);

    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = 32,
    };

    /// <summary>Reads a folder as it stands now.</summary>
    public BundleLoad LoadFolder(string folder) => BundleFolder.TryRead(folder, out var files, out var problem) ? Load(files) : Rejected(problem);

    /// <summary>Reads a bundle from its files, by relative path.</summary>
    public BundleLoad Load(IReadOnlyDictionary<string, byte[]> files)
    {
        if (!files.TryGetValue(Manifest, out var manifest))
        {
            return Rejected($"The bundle has no {Manifest}.");
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(manifest, Strict);
        }
        catch (JsonException e)
        {
            return Rejected($"{Manifest}: is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine}).");
        }

        using (document)
        {
            return Load(files, document.RootElement);
        }
    }

    private BundleLoad Load(IReadOnlyDictionary<string, byte[]> files, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return Rejected($"{Manifest}: must be an object.");
        }

        if (!IsUnicode(root))
        {
            return Rejected($"{Manifest}: has a string that is not Unicode text.");
        }

        var problems = new List<string>();
        var labels = ReadLabels(root, problems);
        var reader = new BundleReader(root, labels, problems);
        var name = reader.Text(root, "$", "name");
        var zone = ReadTimeZone(root, reader);
        var kinds = reader.Members("kinds").ToDictionary(
            static k => k.Name, k => reader.Label(k.Value, $"kinds.{k.Name}.label", "label"), StringComparer.Ordinal);
        var policies = PolicyFiles.Read(files, problems);
        var parts = sections.Select(s => s.Read(reader)).ToDictionary(static p => p.GetType());
        var lifetime = ReadDecisionLifetime(root, reader);
        reader.RefuseUnknown("name", "labels", "timeZone", DecisionLifetime);
        return problems.Count == 0
            ? new BundleLoad.Loaded(new PolicyBundle(name, Digest(files), policies, labels, zone, lifetime, kinds, parts))
            : new BundleLoad.Rejected(problems);
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

    private static LabelScale ReadLabels(JsonElement root, List<string> problems)
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

        problems.Add($"{Manifest}: labels must be a list of 1 to 64 different names, lowest first.");
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

    internal static string Digest(IReadOnlyDictionary<string, byte[]> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, content) in files.OrderBy(static f => f.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{Convert.ToHexStringLower(SHA256.HashData(content))}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static BundleLoad.Rejected Rejected(string problem) => new([problem]);
}
