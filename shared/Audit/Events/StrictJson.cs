using System.Buffers;
using System.Buffers.Text;
using System.Collections.ObjectModel;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Proofgate.Audit.Events;

/// <summary>
/// Reads members in their one order and canonical JSON alone, that is without spaces; anything else is a <see cref="FormatException"/>. Whoever reads millions
/// of events compares names as bytes and finds the end of a text in one step, which a reader of any JSON cannot.
/// </summary>
internal ref struct StrictJson
{
    private static readonly SearchValues<byte> EndsText = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(static b => (byte)b)]);
    private static readonly UTF8Encoding Utf8Strict = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _json;
    private int _at;

    /// <summary>Whether nothing has been read of the object or array so far, so that no comma comes before its next part.</summary>
    private bool _isFirst;

    internal StrictJson(ReadOnlySpan<byte> json) => _json = json;

    /// <summary>Goes on in an object some of whose members have been read.</summary>
    internal StrictJson(ReadOnlySpan<byte> json, int after)
    {
        _json = json;
        _at = after;
    }

    internal void StartObject()
    {
        Expect((byte)'{');
        _isFirst = true;
    }

    internal void EndObject()
    {
        Expect((byte)'}');
        _isFirst = false;
    }

    internal readonly void End()
    {
        if (_at != _json.Length)
            throw Unexpected();
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
        if (Take("null"u8))
            return false;
        StartObject();
        return true;
    }

    internal string Text(ReadOnlySpan<byte> name)
    {
        Name(name);
        return Value();
    }

    internal string? OptionalText(ReadOnlySpan<byte> name)
    {
        Name(name);
        return Take("null"u8) ? null : Value();
    }

    /// <summary>Base64url without padding; the bytes.</summary>
    internal byte[] Base64(ReadOnlySpan<byte> name)
    {
        Name(name);
        Expect((byte)'"');
        var length = _json[_at..].IndexOf((byte)'"');
        if (length < 0)
            throw Unexpected();
        var bytes = Base64Url.DecodeFromUtf8(_json.Slice(_at, length));
        _at += length + 1;
        return bytes;
    }

    internal long Number(ReadOnlySpan<byte> name)
    {
        Name(name);
        return Whole();
    }

    internal long? OptionalNumber(ReadOnlySpan<byte> name)
    {
        Name(name);
        return Take("null"u8) ? null : Whole();
    }

    internal bool Flag(ReadOnlySpan<byte> name)
    {
        Name(name);
        return Take("true"u8) || (Take("false"u8) ? false : throw Unexpected());
    }

    internal DateTimeOffset Time(ReadOnlySpan<byte> name) => OptionalTime(name) ?? throw Unexpected();

    internal DateTimeOffset? OptionalTime(ReadOnlySpan<byte> name)
    {
        Name(name);
        if (Take("null"u8))
            return null;
        Expect((byte)'"');
        var text = _json[_at..];
        if (!EventEnvelope.TryTime(text[..Math.Min(text.Length, EventWriter.TimeLength)], out var time))
            throw Unexpected();
        _at += EventWriter.TimeLength;
        Expect((byte)'"');
        return time;
    }

    internal void StartArray(ReadOnlySpan<byte> name)
    {
        Name(name);
        Expect((byte)'[');
        _isFirst = true;
    }

    /// <summary>Whether another object begins in the array; otherwise the array has ended.</summary>
    internal bool NextObject()
    {
        if (!Next((byte)']'))
            return false;
        StartObject();
        return true;
    }

    internal IReadOnlyList<string> Texts(ReadOnlySpan<byte> name)
    {
        StartArray(name);
        if (!Next((byte)']'))
            return [];

        // Most have one or two.
        var texts = new List<string>(2);
        do
            texts.Add(Value());
        while (Next((byte)']'));
        return texts;
    }

    internal IReadOnlyDictionary<string, long> Counts(ReadOnlySpan<byte> name)
    {
        StartObject(name);
        if (!NextMember(out var member, null))
            return ReadOnlyDictionary<string, long>.Empty;

        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        do
            counts.Add(member, Whole());
        while (NextMember(out member, member));
        return counts;
    }

    /// <summary>Counts that stand there only where there are some.</summary>
    internal IReadOnlyDictionary<string, long> CountsIfAny(ReadOnlySpan<byte> name)
    {
        if (!ComesNext(name))
            return ReadOnlyDictionary<string, long>.Empty;
        var counts = Counts(name);
        return counts.Count > 0 ? counts : throw Unexpected();
    }

    /// <summary>Texts that stand there only where there are some.</summary>
    internal IReadOnlyList<string> TextsIfAny(ReadOnlySpan<byte> name)
    {
        if (!ComesNext(name))
            return [];
        var texts = Texts(name);
        return texts.Count > 0 ? texts : throw Unexpected();
    }

    /// <summary>A text that stands there only where it is not null.</summary>
    internal string? TextIfAny(ReadOnlySpan<byte> name) => ComesNext(name) ? Text(name) : null;

    private bool ComesNext(ReadOnlySpan<byte> name)
    {
        var rest = _json[_at..];
        return rest.Length > name.Length + 2 && rest[0] == ',' && rest[1] == '"' && rest[2..].StartsWith(name) && rest[name.Length + 2] == '"';
    }

    internal IReadOnlyDictionary<string, string> TextsByName(ReadOnlySpan<byte> name)
    {
        StartObject(name);
        if (!NextMember(out var member, null))
            return ReadOnlyDictionary<string, string>.Empty;

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        do
            texts.Add(member, Value());
        while (NextMember(out member, member));
        return texts;
    }

    private bool NextMember(out string member, string? before)
    {
        member = "";
        if (!Next((byte)'}'))
            return false;
        member = Value();
        Expect((byte)':');
        return before is null || string.CompareOrdinal(before, member) < 0
            ? true
            : throw new FormatException($"members out of order at byte {_at}");
    }

    /// <summary>Whether another part comes, and the comma before it; otherwise the object or array has ended.</summary>
    private bool Next(byte end)
    {
        if (_at < _json.Length && _json[_at] == end)
        {
            _at++;
            _isFirst = false;
            return false;
        }

        Comma();
        return true;
    }

    private void Name(ReadOnlySpan<byte> name)
    {
        Comma();
        var rest = _json[_at..];
        if (rest.Length < name.Length + 3 || rest[0] != '"' || !rest.Slice(1, name.Length).SequenceEqual(name) || rest[name.Length + 1] != '"' || rest[name.Length + 2] != ':')
            throw Unexpected();
        _at += name.Length + 3;
    }

    private string Value()
    {
        Expect((byte)'"');
        var length = _json[_at..].IndexOfAny(EndsText);
        if (length < 0 || _json[_at + length] < 0x20)
            throw Unexpected();
        if (_json[_at + length] == '\\')
            return Escaped();

        var text = _json.Slice(_at, length);
        _at += length + 1;
        return length <= ShortTexts.MaxBytes && Utf8.IsValid(text) ? ShortTexts.Of(text) : Utf8Strict.GetString(text);
    }

    private string Escaped()
    {
        var reader = new Utf8JsonReader(_json[(_at - 1)..], isFinalBlock: false, default);
        if (!reader.Read())
            throw Unexpected();
        _at += (int)reader.BytesConsumed - 1;
        return reader.GetString()!;
    }

    private long Whole()
    {
        var rest = _json[_at..];
        var digits = rest is [(byte)'-', ..] ? rest[1..] : rest;
        // As it is written: no sign that says nothing, no zero before other digits, no "-0".
        if (!Utf8Parser.TryParse(rest, out long value, out var used) || digits[0] is (byte)'+' or (byte)'-' || (digits[0] == '0' && used > 1))
            throw Unexpected();
        _at += used;
        return value;
    }

    private void Comma()
    {
        if (!_isFirst)
            Expect((byte)',');
        _isFirst = false;
    }

    private bool Take(ReadOnlySpan<byte> word)
    {
        if (!_json[_at..].StartsWith(word))
            return false;
        _at += word.Length;
        return true;
    }

    private void Expect(byte next)
    {
        if (_at >= _json.Length || _json[_at] != next)
            throw Unexpected();
        _at++;
    }

    private readonly FormatException Unexpected() => new($"something else than schema version 1 has at byte {_at}");
}
