using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Proofgate.Enforcement;

namespace Proofgate.Inference.Dialects;

/// <summary>A request as it was parsed, once. Members that the dialect does not govern are sent on byte for byte.</summary>
internal abstract class ForwardedRequest(JsonDocument document) : InferenceRequest
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly List<JsonDocument> _derived = [];
    private JsonDocument _document = document;

    protected JsonElement Root => _document.RootElement;

    /// <summary>The member that has what was said: a list of messages, or one text.</summary>
    protected abstract string Said { get; }

    public override void VisitTexts(ReadOnlySpanAction<char, object?> inspect, object? state) => TextSlots.Visit(Root, inspect, state);

    public override InferenceRequest Protect(PlaceholderMap map)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(body, Relaxed))
        {
            TextSlots.WriteProtected(writer, Root, map);
        }

        var copy = (ForwardedRequest)MemberwiseClone();
        copy._document = Parse(body);
        _derived.Add(copy._document);
        return copy;
    }

    public override bool Place(IReadOnlyList<GroundingPassage> passages)
    {
        if (TextLength + passages.Sum(static p => (long)p.Text.Length) > JsonBody.MaxTextLength)
        {
            return false;
        }

        var body = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(body, Relaxed))
        {
            writer.WriteStartObject();
            foreach (var member in Root.EnumerateObject().Where(static m => !m.NameEquals("proofgate"u8)))
            {
                if (member.NameEquals(Said))
                {
                    writer.WritePropertyName(member.Name);
                    GroundedMessages.Write(writer, member.Value, passages);
                }
                else
                {
                    WriteRaw(writer, member);
                }
            }

            writer.WriteEndObject();
        }

        Become(body);
        return true;
    }

    public override void WriteUpstream(IBufferWriter<byte> output, string upstreamModel)
    {
        using var writer = new Utf8JsonWriter(output, Relaxed);
        writer.WriteStartObject();
        var named = false;
        foreach (var member in Root.EnumerateObject())
        {
            if (member.NameEquals("model"u8))
            {
                named = true;
                writer.WriteString("model"u8, upstreamModel);
            }
            else if (!member.NameEquals("proofgate"u8) && !IsOurs(member))
            {
                WriteMember(writer, member);
            }
        }

        if (!named)
        {
            writer.WriteString("model"u8, upstreamModel);
        }

        WriteOurs(writer);
        writer.WriteEndObject();
    }

    public override void Dispose()
    {
        _document.Dispose();
        _derived.ForEach(static d => d.Dispose());
    }

    private void Become(ArrayBufferWriter<byte> body)
    {
        var before = _document;
        _document = Parse(body);
        before.Dispose();
    }

    private static JsonDocument Parse(ArrayBufferWriter<byte> body) => JsonDocument.Parse(body.WrittenMemory, new JsonDocumentOptions { MaxDepth = JsonBody.MaxDepth });

    /// <summary>Whether a member of the body is ours to set, by <see cref="WriteOurs"/>.</summary>
    protected virtual bool IsOurs(JsonProperty member) => false;

    protected virtual void WriteMember(Utf8JsonWriter writer, JsonProperty member) => WriteRaw(writer, member);

    protected virtual void WriteOurs(Utf8JsonWriter writer)
    {
    }

    protected static void WriteRaw(Utf8JsonWriter writer, JsonProperty member)
    {
        writer.WritePropertyName(member.Name);
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(member.Value), skipInputValidation: true);
    }
}
