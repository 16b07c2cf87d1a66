using System.Text;
using System.Text.Json;

namespace Proofgate.Inference.Tests.Support;

/// <summary>Reads frames as a strict client does and joins the texts.</summary>
internal sealed class HeardAnswer
{
    private readonly Dictionary<string, StringBuilder> _texts = [];

    internal List<JsonElement> Chunks { get; } = [];

    internal bool Done { get; private set; }

    internal string Raw { get; private set; } = "";

    internal IEnumerable<string> Slots => _texts.Keys;

    internal string Text(string slot) => _texts.TryGetValue(slot, out var text) ? text.ToString() : "";

    internal static HeardAnswer Read(ReadOnlySpan<byte> frames)
    {
        var heard = new HeardAnswer();
        heard.Add(frames);
        return heard;
    }

    internal void Add(ReadOnlySpan<byte> frames)
    {
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(frames);
        Raw += text;
        Assert.True(text.Length == 0 || text.EndsWith("\n\n", StringComparison.Ordinal), "A frame does not end.");
        foreach (var frame in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (frame == ": keep-alive")
            {
                continue;
            }

            Assert.StartsWith("data: ", frame, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', frame);
            Assert.DoesNotContain('\r', frame);
            Assert.False(Done, "A frame after [DONE].");
            if (frame == "data: [DONE]")
            {
                Done = true;
                continue;
            }

            var chunk = JsonDocument.Parse(frame["data: ".Length..], new JsonDocumentOptions { AllowDuplicateProperties = false }).RootElement;
            Chunks.Add(chunk);
            Join(chunk);
        }
    }

    private void Join(JsonElement chunk)
    {
        if (!chunk.TryGetProperty("choices", out var choices))
        {
            return;
        }

        foreach (var choice in choices.EnumerateArray())
        {
            var index = choice.GetProperty("index").GetInt32();
            foreach (var member in choice.GetProperty("delta").EnumerateObject())
            {
                if (member.NameEquals("tool_calls"))
                {
                    foreach (var call in member.Value.EnumerateArray())
                    {
                        Append($"{index}/tool{call.GetProperty("index").GetInt32()}", call.GetProperty("function").GetProperty("arguments"));
                    }
                }
                else if (member.NameEquals("function_call"))
                {
                    Append($"{index}/function", member.Value.GetProperty("arguments"));
                }
                else if (!member.NameEquals("role"))
                {
                    Append($"{index}/{member.Name}", member.Value);
                }
            }
        }
    }

    private void Append(string slot, JsonElement text)
    {
        if (!_texts.TryGetValue(slot, out var joined))
        {
            _texts.Add(slot, joined = new StringBuilder());
        }

        joined.Append(text.GetString());
    }
}
