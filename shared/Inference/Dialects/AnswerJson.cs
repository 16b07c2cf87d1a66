using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Proofgate.Inference.Dialects;

/// <summary>
/// What the second reading of an answer is made of, in every dialect: tokens are copied byte for byte, and text is replaced by what may be
/// released of it.
/// </summary>
internal abstract class AnswerJson(RedactionPlan plan, AnswerFacts facts) : IDisposable
{
    protected const int MaxDepth = 64;

    private static readonly SearchValues<byte> PlainName = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_"u8);

    private static readonly SearchValues<byte> Tag = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_."u8);

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private char[] _chars = new char[1024];

    protected Utf8JsonWriter Writer { get; } = new(Stream.Null, Relaxed);

    /// <summary>Whether what is redacted now is counted: what an answer says again is not.</summary>
    protected bool Counts { get; set; } = true;

    /// <summary>Whether anything at all is masked for this caller, or put back.</summary>
    protected bool Masks { get; } = !plan.IsOpen;

    public void Dispose() => Writer.Dispose();

    /// <summary>A reader at the object of <paramref name="json"/>; what it copies goes to <paramref name="output"/>.</summary>
    protected Utf8JsonReader Open(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        Writer.Reset(output);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        return reader;
    }

    protected void CopySlotText(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, AnswerSlot slot, TextEnd? end)
    {
        var released = slot.Push(Decode(ref reader), end, out var verbatim);
        if (verbatim)
        {
            CopyToken(ref reader, json);
        }
        else
        {
            Writer.WriteStringValue(released);
        }
    }

    /// <summary>A text that is neither for a person nor for a tool: nothing is put back into it.</summary>
    protected void CopyWholeText(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, TextEnd end) =>
        CopyWholeText(ref reader, json, end, Counts, mayBeJson: false, isJson: false, Restoration.Nowhere);

    /// <summary>A text that has a place of its own in the answer.</summary>
    protected void CopyWholeText(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, TextEnd end, bool counts, in SlotKey key, IReadOnlySet<Kind> back) =>
        CopyWholeText(ref reader, json, end, counts, key.IsJson || key.IsSaid, key.IsJson, back);

    private void CopyWholeText(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, TextEnd end, bool counts, bool mayBeJson, bool isJson, IReadOnlySet<Kind> back)
    {
        var text = Decode(ref reader);
        if (AnswerText.MayChange(plan, text, mayBeJson) || facts.Heard is not null || facts.Names is not null)
        {
            var whole = text.ToString();
            var isMeant = isJson || (mayBeJson && AnswerText.BeginsJson(whole));
            facts.Heard?.Add(AnswerText.Meant(whole, isMeant));
            var released = AnswerText.Whole(plan, isMeant, whole, end, counts ? facts.Redactions : null, back, counts ? facts.Restored : null, facts.Names);
            if (!ReferenceEquals(released, whole))
            {
                Writer.WriteStringValue(released);
                return;
            }
        }

        CopyToken(ref reader, json);
    }

    /// <summary>Member names are text too, unless they are too plain to hold any value of a kind.</summary>
    protected void CopyName(ref Utf8JsonReader reader)
    {
        if (IsPlain(ref reader))
        {
            Writer.WritePropertyName(reader.ValueSpan);
        }
        else
        {
            Writer.WritePropertyName(AnswerText.Whole(plan, isJson: false, reader.GetString()!, TextEnd.Finished, Counts ? facts.Redactions : null, Restoration.Nowhere, null));
        }
    }

    protected void CopyToken(ref Utf8JsonReader reader, ReadOnlySpan<byte> json) =>
        Writer.WriteRawValue(json[(int)reader.TokenStartIndex..(int)reader.BytesConsumed], skipInputValidation: true);

    protected static bool IsPlain(ref Utf8JsonReader reader) =>
        !reader.ValueIsEscaped && reader.ValueSpan.Length <= 64 && reader.ValueSpan.IndexOfAnyExcept(PlainName) < 0;

    /// <summary>A word such as <c>reasoning.text</c>: no digit, no sign that a value of any kind would have.</summary>
    protected static bool IsTag(ref Utf8JsonReader reader) => !reader.ValueIsEscaped && IsTag(reader.ValueSpan);

    internal static bool IsTag(ReadOnlySpan<byte> text) => text.Length <= 64 && text.IndexOfAnyExcept(Tag) < 0;

    protected ReadOnlySpan<char> Decode(ref Utf8JsonReader reader)
    {
        if (_chars.Length < reader.ValueSpan.Length)
        {
            _chars = new char[Math.Max(reader.ValueSpan.Length, _chars.Length * 2)];
        }

        return _chars.AsSpan(0, reader.CopyString(_chars));
    }
}
