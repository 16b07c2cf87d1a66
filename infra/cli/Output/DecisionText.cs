namespace Proofgate.Cli.Output;

/// <summary>A recorded decision for people: what was asked, which rows, columns and kinds were the caller's and by which policies, and how it ended.</summary>
internal static class DecisionText
{
    private const string ReadColumn = "readColumn";

    internal static void Write(DecisionDocument document, Printer printer) => Write(document, printer, string.Empty);

    private static void Write(DecisionDocument document, Printer printer, string margin)
    {
        printer.Line($"{margin}{document.AuditId} {document.Time:yyyy-MM-dd HH:mm:ss.fff} {document.Action} {document.Resource}: {new PolicyAnswer(document.Allowed, document.Policies, document.Errors)}");
        Line("by", document.Principals is { } principals ? string.Join(", for whom acted ", principals) : "somebody whose sealed part cannot be opened");
        if (document.Refusal is { } refusal)
        {
            Line("refused", $"{refusal.Status} {refusal.Reason}");
        }

        Line("label", document.Label);
        Line("bundle", document.Digest);
        // What a call stands on says itself which of its rows were the caller's.
        foreach (var rows in document.Grounds.Count > 0 ? [] : document.Residuals)
        {
            Line($"rows of {rows.Dataset}", rows.Text is { } text ? text.ReplaceLineEndings(" ") : $"{rows.Digest} (the text needs the bundle and the caller's data key)");
        }

        Line("columns read", Names(document, static q => q.Action == ReadColumn && q.Allowed));
        foreach (var question in document.Questions.Where(static q => q.Action == ReadColumn && !q.Allowed))
        {
            Line("column not read", $"{question.Resource}: {Answer(question)}");
        }

        foreach (var question in document.Questions.Where(q => q.Action != ReadColumn && IsTelling(q, document)))
        {
            Line(question.Action, $"{question.Resource}: {Answer(question)}");
        }

        Line("in the prompt", Counts(document.Kinds));
        Line("as placeholders", Counts(document.Placeholders));
        if (document.Outcome is { } outcome)
        {
            Line("ended", $"{outcome.Result} {outcome.Status}{(outcome.Target is null ? "" : $", {outcome.Target}")}{(outcome.Rows is { } rows ? $", {rows} rows" : "")}, {outcome.Bytes} bytes{(outcome.Digest is null ? "" : $", digest {outcome.Digest}")}");
            Line("redacted", Counts(outcome.Redactions));
            Line("put back", Counts(outcome.Restored));
        }

        foreach (var ground in document.Grounds)
        {
            printer.Line($"{margin}  stands on");
            Write(ground, printer, margin + "    ");
        }

        void Line(string name, string text)
        {
            if (text.Length > 0)
            {
                printer.Line($"{margin}  {name}: {text}");
            }
        }
    }

    /// <summary>Of the many kinds that policy was asked about: those that were there, and those of which the caller may see something.</summary>
    private static bool IsTelling(DecisionDocument.Question question, DecisionDocument document) =>
        !question.Action.StartsWith("reveal", StringComparison.Ordinal) || question.Allowed || document.Kinds.ContainsKey(question.Resource)
        || document.Outcome?.Redactions.ContainsKey(question.Resource) == true;

    private static string Names(DecisionDocument document, Func<DecisionDocument.Question, bool> which) => string.Join(", ", document.Questions.Where(which).Select(static q => q.Resource));

    private static string Answer(DecisionDocument.Question question) => new PolicyAnswer(question.Allowed, question.Policies, []).ToString();

    private static string Counts(IReadOnlyDictionary<string, long> counts) => string.Join(", ", counts.Select(static c => $"{c.Key} {c.Value}"));
}
