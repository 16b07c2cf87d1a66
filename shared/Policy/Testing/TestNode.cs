using System.Globalization;
using System.Text.Json;
using Proofgate.Cedar;

namespace Proofgate.Policy.Testing;

/// <summary>An object of a test file that is read member by member: whatever is wrong is told with its path, and so is what nobody asked for.</summary>
internal sealed class TestNode
{
    private const int MaxText = 1024;
    private const int MaxItems = 500;

    private static readonly string[] TimeForms = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    private readonly JsonElement _element;
    private readonly string _file;
    private readonly List<BundleTestProblem> _problems;
    private readonly List<string> _known = [];

    internal TestNode(string file, string path, JsonElement element, List<BundleTestProblem> problems)
    {
        (_file, Path, _problems) = (file, path, problems);
        if (element.ValueKind == JsonValueKind.Object)
        {
            _element = element;
        }
        else
        {
            Problem("must be an object.");
        }
    }

    internal string Path { get; }

    /// <summary>Asked for what is not here.</summary>
    private TestNode? Fallback { get; init; }

    /// <summary>This node, with <paramref name="other"/> behind it.</summary>
    internal TestNode With(TestNode other) => new(_file, Path, _element, _problems) { Fallback = other };

    internal void Problem(string message) => Report(Path, message);

    internal void Problem(string member, string message) => Report(At(member), message);

    internal void ProblemAt(string path, string message) => Report(path, message);

    internal bool Has(string member) => TryGet(member, out _, out _);

    /// <summary>Not that of the fallback.</summary>
    internal bool HasOwn(string member) => _element.ValueKind == JsonValueKind.Object && _element.TryGetProperty(member, out _);

    internal string? Text(string member)
    {
        if (!TryGet(member, out var value, out var path))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= MaxText } text)
        {
            return text;
        }

        Report(path, $"must be a text of 1 to {MaxText} characters.");
        return null;
    }

    internal string Required(string member)
    {
        if (!Has(member))
        {
            Problem($"needs the member `{member}`.");
        }

        return Text(member) ?? string.Empty;
    }

    internal IReadOnlyList<string>? Texts(string member)
    {
        if (!TryGet(member, out var value, out var path))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= MaxItems
            && value.EnumerateArray().All(static i => i.ValueKind == JsonValueKind.String && i.GetString() is { Length: > 0 and <= MaxText }))
        {
            var texts = value.EnumerateArray().Select(static i => i.GetString()!).ToList();
            if (texts.Distinct(StringComparer.Ordinal).Count() == texts.Count)
            {
                return texts;
            }
        }

        Report(path, $"must be a list of at most {MaxItems} different texts.");
        return [];
    }

    internal IReadOnlySet<string> Set(string member) => new HashSet<string>(Texts(member) ?? [], StringComparer.Ordinal);

    internal bool? Flag(string member)
    {
        if (!TryGet(member, out var value, out var path))
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Report(path, "must be true or false.");
        return null;
    }

    internal long? Number(string member)
    {
        if (!TryGet(member, out var value, out var path))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= 0)
        {
            return number;
        }

        Report(path, "must be a whole number, 0 or more.");
        return null;
    }

    /// <summary>A label by its name, or a rank.</summary>
    internal long? Rank(string member, LabelScale labels)
    {
        if (!TryGet(member, out var value, out var path))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var rank) && rank >= 0)
        {
            return rank;
        }

        if (value.ValueKind == JsonValueKind.String && labels.TryRank(value.GetString()!, out rank))
        {
            return rank;
        }

        Report(path, $"must be one of the bundle's labels ({string.Join(", ", labels.Names)}) or a rank.");
        return null;
    }

    internal DateTimeOffset? Time(string member)
    {
        if (!TryGet(member, out var value, out var path))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 10 and < 40 } text && (text[^1] == 'Z' || text[^6] is '+' or '-')
            && DateTimeOffset.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return time;
        }

        Report(path, "must be a time with its zone, for example \"2026-06-15T09:30:00Z\" or \"2026-06-15T09:30:00+02:00\".");
        return null;
    }

    internal TimeSpan? Duration(string member)
    {
        if (Text(member) is not { } text)
        {
            return null;
        }

        if (DurationValue.TryParse(text, out var duration) && duration.Milliseconds is >= 0 and < 3_000_000_000_000)
        {
            return TimeSpan.FromMilliseconds(duration.Milliseconds);
        }

        Problem(member, "must be a duration, for example \"50m\" or \"1h30m\".");
        return null;
    }

    /// <summary>A value in Cedar's JSON.</summary>
    internal RecordValue? Record(string member)
    {
        if (!TryGet(member, out var value, out var path))
        {
            return null;
        }

        switch (CedarJson.ParseValue(value))
        {
            case ValueResult.Parsed { Value: RecordValue record }:
                return record;
            case ValueResult.Failed failed:
                Report(path, $"{failed.Errors[0]}.");
                return null;
            default:
                Report(path, "must be an object.");
                return null;
        }
    }

    internal TestNode? Object(string member) => TryGet(member, out var value, out var path) ? new TestNode(_file, path, value, _problems) : null;

    /// <summary>The members of an object of objects, by their names.</summary>
    internal IReadOnlyList<(string Name, TestNode Node)> Objects(string member)
    {
        if (!TryGet(member, out var value, out var path))
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Count() <= MaxItems)
        {
            return [.. value.EnumerateObject().Select(m => (m.Name, new TestNode(_file, $"{path}.{Shown(m.Name)}", m.Value, _problems)))];
        }

        Report(path, $"must be an object with at most {MaxItems} members.");
        return [];
    }

    internal IReadOnlyList<TestNode> List(string member)
    {
        if (!TryGet(member, out var value, out var path))
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= MaxItems)
        {
            return [.. value.EnumerateArray().Select((item, i) => new TestNode(_file, $"{path}[{i}]", item, _problems))];
        }

        Report(path, $"must be a list of at most {MaxItems}.");
        return [];
    }

    /// <summary>Whether the member is the text <c>"*"</c>, or absent: everything.</summary>
    internal bool IsAll(string member) =>
        !TryGet(member, out var value, out _) || (value.ValueKind == JsonValueKind.String && value.ValueEquals("*"));

    /// <summary>Reports the members that were not asked for.</summary>
    internal void RefuseOthers()
    {
        if (_element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var member in _element.EnumerateObject().Where(m => !_known.Contains(m.Name)))
        {
            Problem(member.Name, $"is not known here, where there are {string.Join(", ", _known.Distinct(StringComparer.Ordinal))}.");
        }
    }

    private bool TryGet(string member, out JsonElement value, out string path)
    {
        _known.Add(member);
        path = At(member);
        if (_element.ValueKind == JsonValueKind.Object && _element.TryGetProperty(member, out value))
        {
            return true;
        }

        value = default;
        return Fallback is not null && Fallback.TryGet(member, out value, out path);
    }

    private string At(string member) => Path.Length == 0 ? Shown(member) : $"{Path}.{Shown(member)}";

    /// <summary>A name as part of a path: in brackets if it is no word.</summary>
    private static string Shown(string name) => name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? name : $"[\"{(name.Length > 80 ? name[..80] : name)}\"]";

    private void Report(string path, string message)
    {
        var problem = new BundleTestProblem(_file, path.Replace(".[", "[", StringComparison.Ordinal), message);
        if (!_problems.Contains(problem))
        {
            _problems.Add(problem);
        }
    }
}
