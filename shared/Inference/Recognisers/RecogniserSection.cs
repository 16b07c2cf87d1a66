using System.Text.Json;
using Proofgate.Policy;

namespace Proofgate.Inference.Recognisers;

/// <summary>Reads <c>recognisers</c> of <c>bundle.json</c>: one, with what it calls things and which kinds those are.</summary>
internal sealed class RecogniserSection : IBundleSection
{
    private const int MaxEntities = 64;

    public object Read(BundleReader bundle)
    {
        RecogniserEntry? entry = null;
        foreach (var (name, node) in bundle.Members("recognisers"))
        {
            var path = $"recognisers.{name}";
            if (entry is not null)
            {
                bundle.Problem(path, "is a second recogniser; a bundle has one at most.");
                continue;
            }

            entry = new RecogniserEntry
            {
                Name = name,
                Entity = Vocabulary.Model(
                    name, bundle.Text(node, path, "provider"), bundle.Text(node, path, "region"), bundle.Label(node, $"{path}.maxLabel", "maxLabel"), bundle.Flag(node, path, "external")),
                Language = bundle.Text(node, path, "language"),
                Threshold = ReadThreshold(bundle, path, node),
                Entities = ReadEntities(bundle, path, node),
                Prompts = bundle.Flag(node, path, "prompts"),
                Answers = bundle.Flag(node, path, "answers"),
            };
        }

        return new RecogniserCatalog(entry);
    }

    private static double ReadThreshold(BundleReader bundle, string path, JsonElement node)
    {
        if (node.TryGetProperty("threshold", out var value) && value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 0 and <= 1 and var threshold)
        {
            return threshold;
        }

        bundle.Problem($"{path}.threshold", "must be a number from 0 to 1.");
        return 0;
    }

    private static Dictionary<string, Kind> ReadEntities(BundleReader bundle, string path, JsonElement node)
    {
        var entities = new Dictionary<string, Kind>(StringComparer.Ordinal);
        if (!node.TryGetProperty("entities", out var list) || list.ValueKind != JsonValueKind.Object || list.GetPropertyCount() is 0 or > MaxEntities)
        {
            bundle.Problem($"{path}.entities", $"must be an object with 1 to {MaxEntities} members, such as \"PERSON\": \"PERSON_NAME\".");
            return entities;
        }

        foreach (var member in list.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.String && Kind.TryParse(member.Value.GetString(), out var kind) && kind != Kind.Withheld)
            {
                entities[member.Name] = kind;
            }
            else
            {
                bundle.Problem($"{path}.entities.{member.Name}", "must be the name of a kind: an upper-case letter, then upper-case letters, digits or underscores, 64 in all.");
            }
        }

        return entities;
    }
}
