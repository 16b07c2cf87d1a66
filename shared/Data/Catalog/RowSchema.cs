using System.Text;
using Proofgate.Cedar;
using Proofgate.Policy;

namespace Proofgate.Data.Catalog;

/// <summary>What the catalogue adds to a bundle's schema: the type of each dataset's rows, and the question that is asked about them.</summary>
internal static class RowSchema
{
    internal static string Declare(IEnumerable<Dataset> datasets)
    {
        var text = new StringBuilder();
        var types = new List<string>();
        foreach (var dataset in datasets)
        {
            types.Add($"Row_{dataset.Name}");
            var attributes = dataset.Attributes.Select(static a => $"{a.Name}{(a.IsRequired ? string.Empty : "?")}: {TypeOf(a.Type)}");
            text.Append("  entity Row_").Append(dataset.Name).Append(" in [Dataset] { ").AppendJoin(", ", attributes).Append(" };\n");
        }

        return types.Count == 0
            ? string.Empty
            : $"namespace Proofgate {{\n{text}  action readRow appliesTo {{ principal: [User, Client], resource: [{string.Join(", ", types)}], context: Context }};\n}}\n";
    }

    /// <summary>One of each form: the row types are made from the catalogue and need no question of their own.</summary>
    internal static IEnumerable<BundleQuestion> QuestionsOf(IEnumerable<Dataset> datasets)
    {
        foreach (var dataset in datasets)
        {
            var entity = dataset.ToEntity("tenant");
            yield return new BundleQuestion(Vocabulary.Query, entity);
            foreach (var column in dataset.Columns.Values.DistinctBy(static c => c.Kind is null))
            {
                yield return new BundleQuestion(Vocabulary.ReadColumn, dataset.ToEntity(column));
            }

            foreach (var reveal in new[] { Vocabulary.Reveal, Vocabulary.RevealPartial, Vocabulary.RevealPseudonym })
            {
                yield return new BundleQuestion(reveal, new Entity(Vocabulary.KindId("KIND")), ("dataset", entity.Uid));
            }
        }
    }

    /// <summary>Cedar's name of a type; null where it has none that is exact.</summary>
    internal static string? TypeOf(ColumnType type) => type switch
    {
        ColumnType.String or ColumnType.Text => "String",
        ColumnType.Integer => "Long",
        ColumnType.Boolean => "Bool",
        ColumnType.Datetime => "__cedar::datetime",
        _ => null,
    };
}
