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

    public override void VisitTexts(ReadOnlySpanAction<char, object?> inspect, object? state) => TextSlots.VisitBody(Root, inspect, state);

    public override InferenceRequest Protect(PlaceholderMap map)
    {
        var copy = (ForwardedRequest)MemberwiseClone();
        copy._document = Rewritten((writer, member) =>
        {
            writer.WritePropertyName(member.Name);
            TextSlots.WriteProtected(writer, member.Value, map);
        });
        _derived.Add(copy._document);
        return copy;
    }

    public override bool Place(IReadOnlyList<GroundingPassage> passages)
    {
        if (TextLength + passages.Sum(static p => (long)p.Text.Length) > JsonBody.MaxTextLength)
        {
            return false;
        }

        var before = _document;
        _document = Rewritten((writer, member) =>
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
        });
        before.Dispose();
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
            else if (!member.NameEquals(OwnMember.Name) && !IsOurs(member))
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

    /// <summary>The body with its members written anew; what a caller told the gateway alone is not in it.</summary>
    private JsonDocument Rewritten(Action<Utf8JsonWriter, JsonProperty> write)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(body, Relaxed))
        {
            writer.WriteStartObject();
            foreach (var member in Root.EnumerateObject().Where(static m => !m.NameEquals(OwnMember.Name)))
            {
                write(writer, member);
            }

            writer.WriteEndObject();
        }

        return JsonDocument.Parse(body.WrittenMemory, new JsonDocumentOptions { MaxDepth = JsonBody.MaxDepth });
    }

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
