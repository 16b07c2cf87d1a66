using System.Text.RegularExpressions;

namespace Proofgate.SelfHost.SampleModel;

/// <summary>The rows that came with the question; without any, a fixed text that holds a few invented personal values, so that redaction can be seen.</summary>
internal static partial class SampleText
{
    internal const string Email = "ada.lovelace@example.org";

    private const int MaxQuote = 400;
    private const int MaxRows = 50;

    internal static string Of(SampleQuestion question)
    {
        var unseen = string.Join(", ", Placeholder().Matches(question.LastText).Select(static m => m.Groups[1].Value.Replace('_', ' ')).Distinct());
        var quote = question.LastText.Length <= MaxQuote ? question.LastText : question.LastText[..MaxQuote] + "…";
        return "This is Proofgate's sample model, not a real one. You said: \"" + quote
            + "\" " + (unseen.Length == 0 ? string.Empty : $"I was not shown everything in it: {unseen}. ")
            + (question.Grounds.Count == 0
                ? $"Here is an invented customer: Ada Lovelace, {Email}, +41 44 668 18 00, card 4111 1111 1111 1111."
                : string.Join(' ', question.Grounds.Select(Told)));
    }

    private static string Told(SampleGround ground) =>
        $"Of {ground.Dataset} I was given {ground.Rows.Count}{(ground.IsComplete ? "" : " and not all")}: {string.Join("; ", ground.Rows.Take(MaxRows))}{(ground.Rows.Count > MaxRows ? "; …" : ".")}";

    /// <summary>Pieces as a model would send them: a word with the space before it, longer ones in two.</summary>
    internal static List<string> Pieces(string text)
    {
        var pieces = new List<string>();
        var start = 0;
        for (var i = 1; i <= text.Length; i++)
        {
            if (i == text.Length || text[i] == ' ' || i - start == 6)
            {
                pieces.Add(text[start..i]);
                start = i;
            }
        }

        return pieces;
    }

    /// <summary>Tokens of the prompt, estimated.</summary>
    internal static int PromptTokens(SampleQuestion question) => (question.TextLength / 4) + 1;

    /// <summary>What the gateway puts for a value that this model may not have.</summary>
    [GeneratedRegex(@"\[([A-Z][A-Z_]*_\d{1,5})_[0-9A-Za-z]{8}\]", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
