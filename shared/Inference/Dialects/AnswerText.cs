namespace Proofgate.Inference.Dialects;

/// <summary>What of a whole text may be released. Equals what an <see cref="AnswerSlot"/> releases of it, however it is cut.</summary>
internal static class AnswerText
{
    /// <returns><paramref name="text"/> itself where nothing is redacted or put back and nothing could have been hidden.</returns>
    internal static string Whole(RedactionPlan plan, SlotKey key, string text, TextEnd end, KindCounts? redactions, IReadOnlySet<Kind> back, KindCounts? restored) =>
        Whole(plan, key.IsJson || (key.IsSaid && BeginsJson(text)), text, end, redactions, back, restored);

    /// <param name="plan">What may be seen.</param>
    /// <param name="isJson">Whether the text is JSON itself.</param>
    /// <param name="text">Decoded text.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="redactions">Counts what is redacted; null where it was counted before.</param>
    /// <param name="back">The kinds that are put back.</param>
    /// <param name="restored">Counts what is put back.</param>
    /// <param name="names">What a recogniser found; null where none was asked.</param>
    internal static string Whole(
        RedactionPlan plan, bool isJson, string text, TextEnd end, KindCounts? redactions, IReadOnlySet<Kind> back, KindCounts? restored, AnswerNames? names = null)
    {
        if (names is not null && names.Masked(Meant(text, isJson), redactions) is var masked && masked != Meant(text, isJson))
        {
            text = isJson ? JsonTextFilter.Write(masked) : masked;
        }

        var released = isJson ? JsonTextFilter.RedactWhole(plan, text, end, redactions) : Redactor.RedactWhole(plan, text, end, redactions);
        return plan.Restoration is { } restoration ? PlaceholderRestorer.RestoreWhole(restoration.Map, back, released, isJson, restored) : released;
    }

    internal static string Meant(string text, bool isJson) => isJson && JsonTextFilter.IsAffected(text) ? JsonTextFilter.Read(text) : text;

    /// <summary>False if the text is released as it is: a scan, so that it can then be copied.</summary>
    internal static bool MayChange(RedactionPlan plan, ReadOnlySpan<char> text, bool mayBeJson) =>
        Redactor.MayMatch(plan, text)
        || (mayBeJson && !plan.IsOpen && JsonTextFilter.IsAffected(text))
        || (plan.Restoration is not null && text.Contains('['));

    internal static bool BeginsJson(ReadOnlySpan<char> text) => default(JsonBeginning).Of(text) == true;
}
