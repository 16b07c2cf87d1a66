using System.Text.Json;

namespace Proofgate.Inference.Dialects.OpenAi;

/// <summary>
/// First reading of an answer or a chunk: indexes, finish reasons and usage, without its text. Reused for every event of a stream.
/// </summary>
internal sealed class ChatShape(bool stopsChosen)
{
    private const int MaxChoices = 128;

    private static readonly JsonReaderOptions Bounded = new() { MaxDepth = 64 };

    private readonly List<ChoiceShape> _pool = [];

    internal List<ChoiceShape> Choices { get; } = [];

    internal bool IsError { get; private set; }

    internal bool HasUsage { get; private set; }

    internal long? InputTokens { get; private set; }

    internal long? OutputTokens { get; private set; }

    /// <exception cref="JsonException">Not one JSON object.</exception>
    internal void Read(ReadOnlySpan<byte> json)
    {
        Choices.Clear();
        (IsError, HasUsage, InputTokens, OutputTokens) = (false, false, null, null);
        var reader = new Utf8JsonReader(json, Bounded);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("Not an object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("choices"u8))
            {
                ReadChoices(ref reader);
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                ReadUsage(ref reader);
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                IsError |= reader.TokenType != JsonTokenType.Null;
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        if (reader.Read())
        {
            throw new JsonException("More than one value.");
        }
    }

    private void ReadChoices(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var choice = NextChoice();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadChoiceMember(ref reader, choice);
            }
        }
    }

    private static void ReadChoiceMember(ref Utf8JsonReader reader, ChoiceShape choice)
    {
        if (reader.ValueTextEquals("index"u8))
        {
            choice.Index = ReadIndex(ref reader) ?? choice.Index;
        }
        else if (reader.ValueTextEquals("finish_reason"u8))
        {
            reader.Read();
            choice.Finish = FinishOf(ref reader);
            reader.Skip();
        }
        else if (reader.ValueTextEquals("delta"u8) || reader.ValueTextEquals("message"u8))
        {
            ReadTools(ref reader, choice);
        }
        else
        {
            reader.Skip();
        }
    }

    private static void ReadTools(ref Utf8JsonReader reader, ChoiceShape choice)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isCall = reader.ValueTextEquals("function_call"u8);
            var tools = reader.ValueTextEquals("tool_calls"u8);
            reader.Read();
            if (isCall)
            {
                choice.Function = NameIn(ref reader) ?? choice.Function;
            }
            else if (!tools || reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
            }
            else
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    ReadTool(ref reader, choice);
                }
            }
        }
    }

    private static void ReadTool(ref Utf8JsonReader reader, ChoiceShape choice)
    {
        int? index = null;
        string? name = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
        }
        else
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("index"u8))
                {
                    index = ReadIndex(ref reader) ?? index;
                }
                else if (reader.ValueTextEquals("function"u8) || reader.ValueTextEquals("custom"u8))
                {
                    reader.Read();
                    name = NameIn(ref reader) ?? name;
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        choice.Tools.Add(index ?? choice.Tools.Count);
        choice.Names.Add(name);
    }

    /// <summary>The name in an object that says what is called.</summary>
    private static string? NameIn(ref Utf8JsonReader reader)
    {
        string? name = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return name;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = reader.ValueTextEquals("name"u8);
            reader.Read();
            name = isName && reader.TokenType == JsonTokenType.String ? reader.GetString() : name;
            reader.Skip();
        }

        return name;
    }

    private void ReadUsage(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        HasUsage = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("prompt_tokens"u8))
            {
                InputTokens = ReadCount(ref reader);
            }
            else if (reader.ValueTextEquals("completion_tokens"u8))
            {
                OutputTokens = ReadCount(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private ChoiceShape NextChoice()
    {
        if (Choices.Count == MaxChoices)
        {
            throw new JsonException("Too many choices.");
        }

        if (_pool.Count == Choices.Count)
        {
            _pool.Add(new ChoiceShape(stopsChosen));
        }

        var choice = _pool[Choices.Count];
        choice.Reset(Choices.Count);
        Choices.Add(choice);
        return choice;
    }

    private static int? ReadIndex(ref Utf8JsonReader reader)
    {
        reader.Read();
        int? index = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value) ? value : null;
        reader.Skip();
        return index;
    }

    private static long? ReadCount(ref Utf8JsonReader reader)
    {
        reader.Read();
        long? count = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) && value >= 0 ? value : null;
        reader.Skip();
        return count;
    }

    private static string? FinishOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return null;
        }

        return reader.ValueTextEquals("stop"u8) ? "stop"
            : reader.ValueTextEquals("length"u8) ? "length"
            : reader.ValueTextEquals("tool_calls"u8) ? "tool_calls"
            : reader.ValueTextEquals("content_filter"u8) ? "content_filter"
            : reader.ValueTextEquals("function_call"u8) ? "function_call"
            : "other";
    }
}
