using System.Globalization;
using System.Text;
using Proofgate.Protection;

namespace Proofgate.Inference.Tests.Support;

/// <summary>A random streamed answer: its texts, how each ends, and the chunks in which they come.</summary>
internal sealed class Scenario
{
    private static readonly string[] Parts =
    [
        "the ", "answer ", "is ", "42 ", "naïve ", "日本語 ", "😀", "\n", "\"quoted\" ", "back\\slash ", "tab\t", "</script>", "\u2028", "a.b ", "1.2.3 ", "x@", "12-",
        "054-28-6917", "054-28-69", "john.smith@example.com", "john.smith@exam", "4111 1111 1111 1111", "4111 1111 1111 11", "86.121.97.248", "GB29NWBK60161331926819",
        "sk-ant-0123456789abcdef", "AKIAIOSFODNN7EXAMPLE", "+447700900123", "pgk_test_a1B2c3D4_0", "-----BEGIN PRIVATE KEY-----\nMIIE", "-----END PRIVATE KEY-----",
        "\u200B", ". ", ", ", " ", "-",
    ];

    private static readonly string[] Fields = ["content", "refusal", "reasoning", "reasoning_content", "tool0", "tool1", "function", "thinking"];

    private readonly Random _random;

    internal Scenario(int seed)
    {
        _random = new Random(seed);
        UsageAsked = Chance(2);
        StopsChosen = Chance(3);
        EndsWithDone = !Chance(4);
        var pieces = new List<(string Slot, string Text)>();
        var choices = _random.Next(1, 4);
        for (var c = 0; c < choices; c++)
        {
            foreach (var field in Fields.Where(_ => Chance(3)).DefaultIfEmpty("content").ToArray())
            {
                var slot = $"{c}/{field}";
                Texts[slot] = string.Concat(Enumerable.Range(0, _random.Next(1, 9)).Select(_ => Parts[_random.Next(Parts.Length)]));
                pieces.AddRange(Cut(Texts[slot]).Select(t => (slot, t)));
            }

            Finish[c] = new[] { null, "stop", "length", "tool_calls", "content_filter", "something_new" }[_random.Next(6)];
        }

        Build(Interleave(pieces));
    }

    internal bool UsageAsked { get; }

    internal bool StopsChosen { get; }

    internal bool EndsWithDone { get; }

    /// <summary>Whole text by slot, <c>choice/field</c>.</summary>
    internal Dictionary<string, string> Texts { get; } = [];

    internal Dictionary<int, string?> Finish { get; } = [];

    /// <summary>The data of each event, without <c>[DONE]</c>.</summary>
    internal List<byte[]> Events { get; } = [];

    internal TextEnd EndOf(string slot) => Finish[int.Parse(slot[..slot.IndexOf('/', StringComparison.Ordinal)], CultureInfo.InvariantCulture)] switch
    {
        "stop" when !StopsChosen => TextEnd.Finished,
        "tool_calls" => TextEnd.Finished,
        _ => TextEnd.CutShort,
    };

    private bool Chance(int oneOf) => _random.Next(oneOf) == 0;

    private IEnumerable<string> Cut(string text)
    {
        var most = Chance(3) ? 1 : _random.Next(2, 12);
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(_random.Next(1, most + 1), text.Length - at);
            if (char.IsHighSurrogate(text[at + length - 1]))
            {
                length = Math.Min(length + 1, text.Length - at);
            }

            yield return text.Substring(at, length);
            at += length;
        }
    }

    /// <summary>Any order in which the pieces of each slot keep theirs.</summary>
    private List<(string Slot, string Text)> Interleave(List<(string Slot, string Text)> pieces)
    {
        var waiting = pieces.GroupBy(static p => p.Slot).Select(static g => new Queue<(string, string)>(g)).ToList();
        var result = new List<(string, string)>();
        while (waiting.Count > 0)
        {
            var queue = waiting[_random.Next(waiting.Count)];
            result.Add(queue.Dequeue());
            waiting.RemoveAll(static q => q.Count == 0);
        }

        return result;
    }

    private void Build(List<(string Slot, string Text)> pieces)
    {
        var last = new Dictionary<int, int>();
        var groups = new List<List<(string Slot, string Text)>>();
        foreach (var piece in pieces)
        {
            if (groups.Count == 0 || Chance(2) || groups[^1].Any(p => p.Slot == piece.Slot))
            {
                groups.Add([]);
            }

            groups[^1].Add(piece);
            last[ChoiceOf(piece.Slot)] = groups.Count - 1;
        }

        for (var i = 0; i < groups.Count; i++)
        {
            var ending = last.Where(l => l.Value == i && Finish[l.Key] is not null).Select(static l => l.Key).ToList();
            var withText = ending.Where(_ => Chance(2)).ToHashSet();
            AddChunk(groups[i].GroupBy(static p => ChoiceOf(p.Slot)).Select(g => Choice(g.Key, Delta(g), withText.Contains(g.Key) ? Finish[g.Key] : null)));
            foreach (var choice in ending.Where(c => !withText.Contains(c)))
            {
                AddChunk([Choice(choice, "{}", Finish[choice])]);
            }
        }

        if (Chance(2))
        {
            Events.Add(Encoding.UTF8.GetBytes(Chunk("[]", """{"prompt_tokens":3,"completion_tokens":5}""")));
        }
    }

    private void AddChunk(IEnumerable<string> choices) =>
        Events.Add(Encoding.UTF8.GetBytes(Chunk($"[{string.Join(",", choices)}]", Chance(3) ? "null" : null)));

    private string Chunk(string choices, string? usage)
    {
        List<(string, string)> members =
        [
            ("id", "\"chatcmpl-x\""), ("object", "\"chat.completion.chunk\""), ("created", "1700000000"), ("model", "\"m\""), ("choices", choices),
        ];
        if (usage is not null)
        {
            members.Add(("usage", usage));
        }

        return Object(members);
    }

    private string Choice(int index, string delta, string? finish)
    {
        List<(string, string)> members = [("index", $"{index}"), ("delta", delta), ("finish_reason", finish is null ? "null" : $"\"{finish}\"")];
        if (Chance(4))
        {
            members.Add(("logprobs", """{"content":[{"token":"054-28-6917","logprob":-0.1}]}"""));
        }

        return Object(members);
    }

    private string Delta(IEnumerable<(string Slot, string Text)> pieces)
    {
        var members = new List<(string, string)>();
        var tools = new List<string>();
        foreach (var (slot, text) in pieces)
        {
            var field = slot[(slot.IndexOf('/', StringComparison.Ordinal) + 1)..];
            switch (field)
            {
                case "tool0" or "tool1":
                    var call = Object([("arguments", Quote(text))]);
                    tools.Add(Object([("index", field[^1..]), ("function", call), ("type", "\"function\"")]));
                    break;
                case "function":
                    members.Add(("function_call", Object([("arguments", Quote(text))])));
                    break;
                default:
                    members.Add((field, Quote(text)));
                    break;
            }
        }

        if (tools.Count > 0)
        {
            members.Add(("tool_calls", $"[{string.Join(",", tools)}]"));
        }

        if (Chance(4))
        {
            members.Add(("role", "\"assistant\""));
        }

        return Object(members);
    }

    /// <summary>Members in any order, with any blanks.</summary>
    private string Object(List<(string Name, string Value)> members)
    {
        var shuffled = members.ToArray();
        _random.Shuffle(shuffled);
        var blank = Chance(3) ? " " : "";
        return $"{{{string.Join($",{blank}", shuffled.Select(m => $"\"{m.Name}\":{blank}{m.Value}"))}}}";
    }

    private string Quote(string text)
    {
        var escapeAll = Chance(4);
        var json = new StringBuilder("\"");
        foreach (var c in text)
        {
            json.Append(escapeAll || c is '"' or '\\' or < ' ' ? $"\\u{(int)c:x4}" : c.ToString());
        }

        return json.Append('"').ToString();
    }

    private static int ChoiceOf(string slot) => int.Parse(slot[..slot.IndexOf('/', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
}
