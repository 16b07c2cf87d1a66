using System.Text.Json;
using Proofgate.Audit.Sealing;
using Proofgate.Protection;

namespace Proofgate.Data.Rows;

/// <summary>Rows as the caller may see them: values of a kind as <c>reveal</c> says, prose with what detectors find in it redacted.</summary>
internal sealed class CallerShaper(AdmittedQuery query, DataSecrets secrets) : RowShaper(query, secrets)
{
    protected override void WriteKind(Utf8JsonWriter writer, Kind kind, Cell cell, PseudonymKey? key)
    {
        if (Redaction.Revealed.Contains(kind))
        {
            WritePlain(writer, cell);
            return;
        }

        Redactions.Add(kind);
        writer.WriteStringValue(Redaction.ReplaceWhole(kind, TextOf(cell), key));
    }

    protected override void WriteProse(Utf8JsonWriter writer, string text) => writer.WriteStringValue(Redactor.RedactWhole(Redaction, text, TextEnd.Finished, Redactions));
}
