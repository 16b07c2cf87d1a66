using System.Buffers.Text;
using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Unicode;

namespace Proofgate.Audit.Events;

/// <summary>Reads members in their one order; anything else is a <see cref="FormatException"/>.</summary>
internal ref struct StrictJson(ReadOnlySpan<byte> json)
{
    private Utf8JsonReader _reader = new(json, new JsonReaderOptions { MaxDepth = 64 });

    internal void StartObject() => Expect(JsonTokenType.StartObject);

    internal void EndObject() => Expect(JsonTokenType.EndObject);

    internal void End()
    {
        if (_reader.Read())
            throw new FormatException("more than one value");
    }

    internal void StartObject(ReadOnlySpan<byte> name)
    {
        Name(name);
        StartObject();
    }

    /// <summary>False if the member is null.</summary>
    internal bool TryStartObject(ReadOnlySpan<byte> name)
    {
        Name(name);
        return !Null() && (_reader.TokenType == JsonTokenType.StartObject ? true : throw Unexpected());
    }

    internal string Text(ReadOnlySpan<byte> name) => OptionalText(name) ?? throw Unexpected();

    internal string? OptionalText(ReadOnlySpan<byte> name)
    {
        Name(name);
        if (Null())
            return null;
        return _reader.TokenType == JsonTokenType.String ? Value() : throw Unexpected();
    }

    /// <summary>Base64url without padding; the bytes.</summary>
    internal byte[] Base64(ReadOnlySpan<byte> name)
    {
        Name(name);
        Expect(JsonTokenType.String);
        return _reader.ValueIsEscaped ? throw Unexpected() : Base64Url.DecodeFromUtf8(_reader.ValueSpan);
    }

    internal long Number(ReadOnlySpan<byte> name) => OptionalNumber(name) ?? throw Unexpected();

    internal long? OptionalNumber(ReadOnlySpan<byte> name)
    {
        Name(name);
        if (Null())
            return null;
        return _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out var value) ? value : throw Unexpected();
    }

    internal bool Flag(ReadOnlySpan<byte> name)
    {
        Name(name);
        Next();
        return _reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => throw Unexpected(),
        };
    }

    internal DateTimeOffset Time(ReadOnlySpan<byte> name) => OptionalTime(name) ?? throw Unexpected();

    internal DateTimeOffset? OptionalTime(ReadOnlySpan<byte> name)
    {
        Name(name);
        if (Null())
            return null;
        return _reader.TokenType == JsonTokenType.String && EventEnvelope.TryTime(_reader.ValueSpan, out var time) ? time : throw Unexpected();
    }

    internal void StartArray(ReadOnlySpan<byte> name)
    {
        Name(name);
        Expect(JsonTokenType.StartArray);
    }

    /// <summary>Whether another object begins in the array; otherwise the array has ended.</summary>
    internal bool NextObject()
    {
        Next();
        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => true,
            JsonTokenType.EndArray => false,
            _ => throw Unexpected(),
        };
    }

    internal IReadOnlyList<string> Texts(ReadOnlySpan<byte> name)
    {
        StartArray(name);
        Next();
        if (_reader.TokenType == JsonTokenType.EndArray)
            return [];

        // Most have one or two.
        var texts = new List<string>(2);
        for (; _reader.TokenType == JsonTokenType.String; Next())
            texts.Add(Value());
        return _reader.TokenType == JsonTokenType.EndArray ? texts : throw Unexpected();
    }

    internal IReadOnlyDictionary<string, long> Counts(ReadOnlySpan<byte> name)
    {
        StartObject(name);
        if (!NextMember(out var member, null))
            return ReadOnlyDictionary<string, long>.Empty;

        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        do
        {
            Expect(JsonTokenType.Number);
            counts.Add(member, _reader.TryGetInt64(out var count) ? count : throw Unexpected());
        }
        while (NextMember(out member, member));
        return counts;
    }

    internal IReadOnlyDictionary<string, string> TextsByName(ReadOnlySpan<byte> name)
    {
        StartObject(name);
        if (!NextMember(out var member, null))
            return ReadOnlyDictionary<string, string>.Empty;

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        do
        {
            Expect(JsonTokenType.String);
            texts.Add(member, Value());
        }
        while (NextMember(out member, member));
        return texts;
    }

    private bool NextMember(out string member, string? before)
    {
        member = "";
        Next();
        if (_reader.TokenType == JsonTokenType.EndObject)
            return false;
        member = Value();
        return before is null || string.CompareOrdinal(before, member) < 0
            ? true
            : throw new FormatException($"members out of order at byte {_reader.TokenStartIndex}");
    }

    /// <summary>The string that the reader stands on, or the member's name.</summary>
    private readonly string Value() => !_reader.ValueIsEscaped && _reader.ValueSpan.Length <= ShortTexts.MaxBytes && Utf8.IsValid(_reader.ValueSpan)
        ? ShortTexts.Of(_reader.ValueSpan)
        : _reader.GetString()!;

    private void Name(ReadOnlySpan<byte> name)
    {
        Next();
        if (_reader.TokenType != JsonTokenType.PropertyName || _reader.ValueIsEscaped || !_reader.ValueSpan.SequenceEqual(name))
            throw Unexpected();
    }

    private bool Null()
    {
        Next();
        return _reader.TokenType == JsonTokenType.Null;
    }

    private void Expect(JsonTokenType type)
    {
        Next();
        if (_reader.TokenType != type)
            throw Unexpected();
    }

    private void Next()
    {
        if (!_reader.Read())
            throw new FormatException("it ends early");
    }

    private readonly FormatException Unexpected() => new($"something else than schema version 1 has at byte {_reader.TokenStartIndex}");
}
