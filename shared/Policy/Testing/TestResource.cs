using System.Collections.Frozen;
using Proofgate.Cedar;

namespace Proofgate.Policy.Testing;

/// <summary>A resource by the name that a test file gives it.</summary>
/// <param name="Entity">The resource; for a kind of data, where that is from or goes to.</param>
/// <param name="Kind">The kind of data that is asked about; null where the question is about the entity itself.</param>
internal sealed record TestResource(string Name, Entity Entity, string? Kind)
{
    private const string RowPrefix = "Proofgate::Row_";

    private static readonly FrozenDictionary<string, string[]> TypesByAction = new Dictionary<string, string[]>
    {
        [Vocabulary.Infer.Id] = ["Proofgate::Model"],
        [Vocabulary.Query.Id] = ["Proofgate::Dataset"],
        [Vocabulary.ReadColumn.Id] = ["Proofgate::Column"],
        [Vocabulary.ReadRow.Id] = [RowPrefix],
        [Vocabulary.UseTool.Id] = ["Proofgate::Tool"],
        [Vocabulary.Manage.Id] = ["Proofgate::KeyRing", "Proofgate::PolicySet", "Proofgate::AuditLog"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether the gateway asks this action about such a resource.</summary>
    internal bool Fits(string action)
    {
        if (Vocabulary.IsAboutKinds(Vocabulary.Action(action)) != Kind is not null)
        {
            return false;
        }

        return !TypesByAction.TryGetValue(action, out var types)
            || types.Contains(Entity.Uid.Type, StringComparer.Ordinal)
            || (types[0] == RowPrefix && Entity.Uid.Type.StartsWith(RowPrefix, StringComparison.Ordinal));
    }
}
