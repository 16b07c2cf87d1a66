using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Proofgate.Inference.Dialects;

/// <summary>
/// What the second reading of an answer is made of, in every dialect: tokens are copied byte for byte, and text is replaced by what may be
/// released of it.
/// </summary>
internal abstract class AnswerJson(RedactionPlan plan, KindCounts redactions) : IDisposable
{
    protected const int MaxDepth = 64;

    private static readonly SearchValues<byte> PlainName = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_"u8);

    private static readonly SearchValues<byte> Tag = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_."u8);

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private char[] _chars = new char[1024];

    protected Utf8JsonWriter Writer { get; } = new(Stream.Null, Relaxed);

    /// <summary>Whether what is redacted now is counted: what an answer says again is not.</summary>
    protected bool Counts { get; set; } = true;

    /// <summary>Whether any kind at all is masked for this caller.</summary>
    protected bool Masks { get; } = !plan.Rules.Kinds.All(plan.Revealed.Contains);

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

    protected void CopyWholeText(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, TextEnd end) => CopyWholeText(ref reader, json, end, Counts);

    protected void CopyWholeText(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, TextEnd end, bool counts, bool isJson = false)
    {
        var text = Decode(ref reader);
        if (Redactor.MayMatch(plan, text) || (isJson && Masks && JsonTextFilter.IsAffected(text)))
        {
            var whole = text.ToString();
            var counted = counts ? redactions : null;
            var redacted = isJson ? JsonTextFilter.RedactWhole(plan, whole, end, counted) : Redactor.RedactWhole(plan, whole, end, counted);
            if (!ReferenceEquals(redacted, whole))
            {
                Writer.WriteStringValue(redacted);
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
            Writer.WritePropertyName(Redactor.RedactWhole(plan, reader.GetString()!, TextEnd.Finished, Counts ? redactions : null));
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
