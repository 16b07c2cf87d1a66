using System.Text;
using System.Text.Json;

namespace Proofgate.Inference.Tests.Responses;

/// <summary>Reads frames as a strict client does, joins the pieces of each text, and keeps every place where a text is said again.</summary>
internal sealed class HeardResponse
{
    internal Dictionary<string, string> Pieces { get; } = [];

    internal List<(string Key, string Text)> Again { get; } = [];

    internal List<string> Names { get; } = [];

    internal string Raw { get; private set; } = string.Empty;

    private long _next = -1;

    internal void Add(ReadOnlySpan<byte> frames)
    {
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(frames);
        Raw += text;
        foreach (var frame in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = frame.Split('\n');
            Assert.Equal(2, lines.Length);
            using var data = JsonDocument.Parse(lines[1]["data: ".Length..], new JsonDocumentOptions { AllowDuplicateProperties = false });
            var root = data.RootElement;
            var type = root.GetProperty("type").GetString()!;
            Assert.Equal($"event: {type}", lines[0]);
            Names.Add(type);
            if (root.TryGetProperty("sequence_number", out var number))
            {
                Assert.Equal(_next < 0 ? number.GetInt64() : _next, number.GetInt64());
                _next = number.GetInt64() + 1;
            }

            Take(type, root);
        }
    }

    private void Take(string type, JsonElement root)
    {
        var item = root.TryGetProperty("output_index", out var index) ? index.GetInt32() : 0;
        var part = root.TryGetProperty("content_index", out index) || root.TryGetProperty("summary_index", out index) ? index.GetInt32() : 0;
        if (type.EndsWith(".delta", StringComparison.Ordinal))
        {
            Join($"{item}/{part}/{MemberOf(type)}", root.GetProperty("delta").GetString()!);
        }
        else if (type is "response.content_part.added" or "response.reasoning_summary_part.added")
        {
            TakePart(item, part, type.Contains("summary", StringComparison.Ordinal), root.GetProperty("part"), Join);
        }
        else if (type is "response.content_part.done" or "response.reasoning_summary_part.done")
        {
            TakePart(item, part, type.Contains("summary", StringComparison.Ordinal), root.GetProperty("part"), Say);
        }
        else if (type == "response.output_item.done")
        {
            TakeItem(item, root.GetProperty("item"));
        }
        else if (type.EndsWith(".done", StringComparison.Ordinal))
        {
            var member = MemberOf(type);
            Say($"{item}/{part}/{member}", root.GetProperty(member == "summary" ? "text" : member).GetString()!);
        }
        else if (root.TryGetProperty("response", out var response))
        {
            foreach (var (each, i) in response.GetProperty("output").EnumerateArray().Select(static (e, i) => (e, i)))
            {
                TakeItem(i, each);
            }
        }
    }

    private void TakeItem(int item, JsonElement value)
    {
        foreach (var list in new[] { "content", "summary" })
        {
            if (value.TryGetProperty(list, out var parts))
            {
                foreach (var (part, i) in parts.EnumerateArray().Select(static (e, i) => (e, i)))
                {
                    TakePart(item, i, list == "summary", part, Say);
                }
            }
        }

        foreach (var member in new[] { "arguments", "input" })
        {
            if (value.TryGetProperty(member, out var text))
            {
                Say($"{item}/0/{member}", text.GetString()!);
            }
        }
    }

    private static void TakePart(int item, int part, bool summary, JsonElement value, Action<string, string> take)
    {
        foreach (var member in new[] { "text", "refusal" })
        {
            if (value.TryGetProperty(member, out var text))
            {
                take($"{item}/{part}/{(summary ? "summary" : member)}", text.GetString()!);
            }
        }
    }

    private static string MemberOf(string type) =>
        type.Contains("reasoning_summary", StringComparison.Ordinal) ? "summary"
        : type.Contains("refusal", StringComparison.Ordinal) ? "refusal"
        : type.Contains("arguments", StringComparison.Ordinal) ? "arguments"
        : type.Contains("input", StringComparison.Ordinal) ? "input"
        : "text";

    private void Join(string key, string piece) => Pieces[key] = Pieces.GetValueOrDefault(key, string.Empty) + piece;

    private void Say(string key, string text) => Again.Add((key, text));
}
