using System.Globalization;
using System.Text.Json;
using Proofgate.Audit.Sealing;
using Proofgate.Data.Rows;
using Proofgate.Protection;

namespace Proofgate.Data.Grounds;

/// <summary>
/// Rows as a model may be given them: as they are, noting what has a kind, so that a placeholder can stand for it, and what the caller may not see, so that no answer says
/// it. A value that could not be found again in a prompt or in an answer is written as the caller may see it.
/// </summary>
internal sealed class ModelShaper(AdmittedQuery query, DataSecrets secrets, Gathering gathering) : RowShaper(query, secrets)
{
    private readonly HashSet<Kind> _hidden = [.. RuleSet.Default.Kinds.Except(query.Call.Redaction.Revealed)];

    protected override void WriteKind(Utf8JsonWriter writer, Kind kind, Cell cell, PseudonymKey? key)
    {
        var value = TextOf(cell);
        var isHidden = _hidden.Contains(kind);
        if (!CanBeNamed(value) || (isHidden && !ExactValues.CanFind(value)))
        {
            Redactions.Add(kind);
            writer.WriteStringValue(isHidden ? Redaction.ReplaceWhole(kind, value, key) : $"[{kind.Name}]");
            return;
        }

        gathering.Note(kind, value, isHidden);
        writer.WriteStringValue(value);
    }

    protected override void WriteProse(Utf8JsonWriter writer, string text)
    {
        var found = new List<string>();
        Inspector.Collect(RuleSet.Default, _hidden, text, found);
        if (found.TrueForAll(ExactValues.CanFind))
        {
            found.ForEach(gathering.Withhold);
            writer.WriteStringValue(text);
            return;
        }

        writer.WriteStringValue(Redactor.RedactWhole(Redaction, text, TextEnd.Finished, Redactions));
    }

    /// <summary>Whether the value stands in the prompt as it stands in the row, and can be looked for there.</summary>
    private static bool CanBeNamed(string value) =>
        value.Length is > 0 and <= NamedValues.MaxLength && Gathering.Escaped(value) == value && !value.Any(static c => char.GetUnicodeCategory(c) == UnicodeCategory.Format);
}
