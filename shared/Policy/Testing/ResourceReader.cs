using Proofgate.Cedar;

namespace Proofgate.Policy.Testing;

/// <summary>Reads the resources of a test file: those of the bundle, those that are described, and kinds of data.</summary>
internal sealed class ResourceReader(LabelScale labels, ILookup<(string Type, string Name), Entity> ofBundle)
{
    private static readonly string[] Forms = ["model", "dataset", "column", "tool", "kind", "administers", "type"];

    internal List<TestResource> Read(IReadOnlyList<(string Name, TestNode Node)> nodes)
    {
        var entities = new Dictionary<string, Entity>(StringComparer.Ordinal);
        foreach (var (name, node) in nodes.Where(static n => !n.Node.HasOwn("kind") || n.Node.HasOwn("column")))
        {
            if (ReadEntity(node) is { } entity)
            {
                entities.Add(name, entity);
            }

            node.RefuseOthers();
        }

        var resources = new List<TestResource>();
        foreach (var (name, node) in nodes)
        {
            if (entities.TryGetValue(name, out var entity))
            {
                resources.Add(new TestResource(name, entity, null));
            }
            else if (node.HasOwn("kind") && !node.HasOwn("column"))
            {
                var kind = node.Required("kind");
                var from = node.Required("from");
                node.RefuseOthers();
                if (entities.TryGetValue(from, out entity))
                {
                    resources.Add(new TestResource(name, entity, kind));
                }
                else if (from.Length > 0)
                {
                    node.Problem("from", $"is '{from}', which is no resource of this file that data can be from.");
                }
            }
        }

        return resources;
    }

    private Entity? ReadEntity(TestNode node)
    {
        var form = Array.Find(Forms, node.HasOwn);
        switch (form)
        {
            case "model":
                return Is(node, form, "Proofgate::Model", "provider", "region", "maxLabel", "external")
                    ?? Vocabulary.Model(node.Required(form), node.Required("provider"), node.Required("region"), Label(node, "maxLabel"), Flag(node, "external"));
            case "dataset":
                return Is(node, form, "Proofgate::Dataset", "tenant", "label")
                    ?? Vocabulary.Dataset(node.Required(form), node.Required("tenant"), Label(node, "label"));
            case "tool":
                return Is(node, form, "Proofgate::Tool", "source", "label", "external")
                    ?? Vocabulary.Tool(node.Required(form), node.Required("source"), Label(node, "label"), Flag(node, "external"));
            case "column":
                return Is(node, form, "Proofgate::Column", "label", "kind") ?? ReadColumn(node);
            case "administers":
                return ReadAdministered(node);
            case "type":
                return ReadAny(node);
            default:
                node.Problem($"needs one of {string.Join(", ", Forms)}: what it is.");
                return null;
        }
    }

    /// <summary>The bundle's own, where the node says nothing but its name. Null: it is described.</summary>
    private Entity? Is(TestNode node, string form, string type, params ReadOnlySpan<string> description)
    {
        var isDescribed = false;
        foreach (var member in description)
        {
            isDescribed |= node.Has(member);
        }

        if (isDescribed || node.Text(form) is not { } name)
        {
            return null;
        }

        if (ofBundle[(type, name)].FirstOrDefault() is { } found)
        {
            return found;
        }

        node.Problem(form, $"is '{name}', which the bundle does not have: describe it with {string.Join(", ", description.ToArray())}, or correct the name.");
        return new Entity(new EntityUid(type, name));
    }

    private Entity? ReadColumn(TestNode node)
    {
        var name = node.Required("column");
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            node.Problem("column", "must be dataset.column.");
            return null;
        }

        return Vocabulary.Column(name[..dot], name[(dot + 1)..], Label(node, "label"), node.Text("kind"));
    }

    private static Entity? ReadAdministered(TestNode node)
    {
        var tenant = node.Required("tenant");
        switch (node.Text("administers"))
        {
            case "keys":
                return Vocabulary.KeyRing(tenant);
            case "policy":
                return Vocabulary.PolicyStore(tenant);
            case "audit":
                return Vocabulary.AuditLog(tenant);
            default:
                node.Problem("administers", "must be \"keys\", \"policy\" or \"audit\".");
                return null;
        }
    }

    private static Entity? ReadAny(TestNode node)
    {
        var type = node.Required("type");
        var id = node.Required("id");
        if (!EntityUid.IsValidType(type))
        {
            node.Problem("type", "must be an entity type, for example Proofgate::Dataset.");
            return null;
        }

        var parents = new List<EntityUid>();
        foreach (var text in node.Texts("in") ?? [])
        {
            if (EntityUid.TryParse(text, out var parent))
            {
                parents.Add(parent);
            }
            else
            {
                node.Problem("in", $"has '{text}', which is no entity: write Proofgate::Dataset::\"name\".");
            }
        }

        return new Entity(new EntityUid(type, id)) { Parents = parents, Attributes = node.Record("attributes") ?? RecordValue.Empty };
    }

    private long Label(TestNode node, string member)
    {
        if (!node.Has(member))
        {
            node.Problem($"needs the member `{member}`.");
        }

        return node.Rank(member, labels) ?? 0;
    }

    private static bool Flag(TestNode node, string member)
    {
        if (!node.Has(member))
        {
            node.Problem($"needs the member `{member}`.");
        }

        return node.Flag(member) ?? false;
    }
}
