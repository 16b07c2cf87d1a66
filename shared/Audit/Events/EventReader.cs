using System.Text;
using System.Text.Json;
using Proofgate.Audit.Sealing;

namespace Proofgate.Audit.Events;

/// <summary>Reads events back, strictly: every field of the kind, in its order and of its type, and nothing else.</summary>
public static class EventReader
{
    /// <summary>Reads the bytes of a leaf.</summary>
    /// <returns>Null, and a reason without content, where they are no event of schema version 1.</returns>
    public static ReadEvent? Read(ReadOnlySpan<byte> body, out string? problem)
    {
        problem = null;
        if (EventEnvelope.TryRead(body, out var envelope))
            return Read(envelope, body, out problem);
        problem = "its envelope is not of schema version 1";
        return null;
    }

    internal static ReadEvent? Read(in EventEnvelope envelope, ReadOnlySpan<byte> body, out string? problem)
    {
        problem = null;
        try
        {
            // The envelope has been read to the byte.
            var json = new StrictJson(body, envelope.Length);
            var auditEvent = ReadKind(envelope, ref json);
            var personal = Sealed(ref json);
            json.EndObject();
            json.End();
            return new ReadEvent(envelope.Source, envelope.Number, envelope.Previous, auditEvent, personal);
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException or ArgumentException)
        {
            problem = e is FormatException ? e.Message : "it is not strict JSON";
            return null;
        }
    }

    private static AuditEvent ReadKind(in EventEnvelope envelope, ref StrictJson json)
    {
        AuditEvent read = envelope.Kind switch
        {
            "decision" => new DecisionEvent { Id = envelope.Id, Time = envelope.Time, Request = Request(ref json), Decision = Decision(ref json)! },
            "outcome" => Outcome(envelope, ref json),
            "refusal" => new RefusalEvent
            {
                Id = envelope.Id,
                Time = envelope.Time,
                Request = Request(ref json),
                Status = checked((int)json.Number("status"u8)),
                Reason = json.Text("reason"u8),
                Decision = Decision(ref json),
            },
            "refusals" => new RefusalsEvent
            {
                Id = envelope.Id,
                Time = envelope.Time,
                Reason = json.Text("reason"u8),
                Count = json.Number("count"u8),
                Dropped = json.Number("dropped"u8),
                From = json.Time("from"u8),
                Until = json.Time("until"u8),
            },
            "source" => new SourceEvent
            {
                Id = envelope.Id,
                Time = envelope.Time,
                Act = json.Text("act"u8),
                Key = json.OptionalText("key"u8),
                Follows = Follows(ref json),
            },
            "key" => new KeyEvent
            {
                Id = envelope.Id,
                Time = envelope.Time,
                Act = json.Text("act"u8),
                KeyId = json.Text("key"u8),
                Tenant = json.Text("tenant"u8),
                By = json.Text("by"u8),
            },
            "policy" => new PolicyEvent
            {
                Id = envelope.Id,
                Time = envelope.Time,
                Act = json.Text("act"u8),
                Digest = json.Text("digest"u8),
                PreviousDigest = json.OptionalText("previous"u8),
            },
            "deny" => new DenyEvent
            {
                Id = envelope.Id,
                Time = envelope.Time,
                Act = json.Text("act"u8),
                Type = json.Text("type"u8),
                Digest = json.Text("digest"u8),
                Until = json.OptionalTime("until"u8),
                By = json.Text("by"u8),
            },
            _ => throw new FormatException("a kind that schema version 1 does not have"),
        };
        if (read is DecisionEvent { Decision: null })
            throw new FormatException("a decision event without its decision");
        return read with { CorrelationId = envelope.Correlation, TraceId = envelope.TraceId };
    }

    private static RequestRecord Request(ref StrictJson json)
    {
        json.StartObject("request"u8);
        var request = new RequestRecord
        {
            Route = json.Text("route"u8),
            Method = json.Text("method"u8),
            Dialect = json.OptionalText("dialect"u8),
            AuthMethod = json.OptionalText("auth"u8),
            Bound = json.Flag("bound"u8),
            KeyId = json.OptionalText("key"u8),
            Tenant = json.OptionalText("tenant"u8),
            Stream = json.Flag("stream"u8),
            BodyBytes = json.OptionalNumber("bytes"u8),
            BodyDigest = json.OptionalText("digest"u8),
            Model = Model(ref json),
        };
        json.EndObject();
        return request;
    }

    private static ClientName? Model(ref StrictJson json)
    {
        if (!json.TryStartObject("model"u8))
            return null;
        var model = new ClientName(json.OptionalText("name"u8), json.Number("length"u8), json.OptionalText("digest"u8));
        json.EndObject();
        return model;
    }

    private static DecisionRecord? Decision(ref StrictJson json)
    {
        if (!json.TryStartObject("decision"u8))
            return null;
        var decision = new DecisionRecord
        {
            Allowed = json.Flag("allowed"u8),
            Action = json.Text("action"u8),
            Resource = json.Text("resource"u8),
            PolicyDigest = json.Text("policy"u8),
            Policies = json.Texts("policies"u8),
            Errors = json.Texts("errors"u8),
            Questions = Questions(ref json),
            Label = json.Number("label"u8),
            Kinds = json.Counts("kinds"u8),
            Placeholders = json.CountsIfAny("placeholders"u8),
            Datasets = json.Texts("datasets"u8),
            Lineage = json.TextsIfAny("lineage"u8),
            Session = json.TextIfAny("session"u8),
            Opaque = json.Flag("opaque"u8),
            Residuals = json.TextsByName("residuals"u8),
            Grounds = json.TextsIfAny("grounds"u8),
            Entities = Entities(ref json),
        };
        json.EndObject();
        return decision;
    }

    private static List<QuestionRecord> Questions(ref StrictJson json)
    {
        json.StartArray("questions"u8);
        if (!json.NextObject())
            return [];

        // One for each kind, mostly.
        var questions = new List<QuestionRecord>(16);
        do
        {
            questions.Add(new QuestionRecord(json.Text("action"u8), json.Text("resource"u8), json.Flag("allowed"u8), json.Texts("policies"u8)));
            json.EndObject();
        }
        while (json.NextObject());
        return questions;
    }

    private static EntitySliceReference? Entities(ref StrictJson json)
    {
        if (!json.TryStartObject("entities"u8))
            return null;
        var entities = new EntitySliceReference(json.Text("digest"u8), json.Number("bytes"u8));
        json.EndObject();
        return entities;
    }

    private static OutcomeEvent Outcome(in EventEnvelope envelope, ref StrictJson json) => new()
    {
        Id = envelope.Id,
        Time = envelope.Time,
        Result = json.Text("result"u8),
        Status = checked((int)json.Number("status"u8)),
        InputTokens = json.OptionalNumber("inputTokens"u8),
        OutputTokens = json.OptionalNumber("outputTokens"u8),
        BytesOut = json.Number("bytes"u8),
        Events = json.Number("events"u8),
        Redactions = json.Counts("redactions"u8),
        Restored = json.CountsIfAny("restored"u8),
        RulesDigest = json.OptionalText("rules"u8),
        AnswerDigest = json.OptionalText("digest"u8),
        FirstByte = json.OptionalNumber("firstByteUs"u8) is { } first ? Microseconds(first) : null,
        Duration = Microseconds(json.Number("durationUs"u8)),
        FinishReason = json.OptionalText("finish"u8),
        Target = json.OptionalText("target"u8),
        Rows = json.OptionalNumber("rows"u8),
        Attempts = json.OptionalNumber("attempts"u8),
    };

    private static TimeSpan Microseconds(long microseconds) => microseconds is >= 0 and < long.MaxValue / TimeSpan.TicksPerMicrosecond
        ? new TimeSpan(microseconds * TimeSpan.TicksPerMicrosecond)
        : throw new FormatException("a time out of range");

    private static List<RetiredSource> Follows(ref StrictJson json)
    {
        var follows = new List<RetiredSource>();
        json.StartArray("follows"u8);
        while (json.NextObject())
        {
            var text = json.Text("src"u8);
            if (!SourceId.TryParse(Encoding.UTF8.GetBytes(text), out var source))
                throw new FormatException("a source's name that is none");
            follows.Add(new RetiredSource(source, json.Number("n"u8)));
            json.EndObject();
        }

        return follows;
    }

    private static SealedPart? Sealed(ref StrictJson json)
    {
        if (!json.TryStartObject("sealed"u8))
            return null;
        var part = new SealedPart(
            json.Text("key"u8), json.Base64("iv"u8), json.Base64("data"u8));
        json.EndObject();
        return part;
    }
}
