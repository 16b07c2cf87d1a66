using System.Text.Json;

namespace Proofgate.Audit.Events;

/// <summary>The fields of each kind, in their fixed order. A field with nothing to say is null, [] or {}; it is never left out.</summary>
internal static class EventBodyWriter
{
    internal static void Write(Utf8JsonWriter writer, AuditEvent auditEvent)
    {
        switch (auditEvent)
        {
            case DecisionEvent decision:
                Request(writer, decision.Request);
                Decision(writer, decision.Decision);
                break;
            case OutcomeEvent outcome:
                Outcome(writer, outcome);
                break;
            case RefusalEvent refusal:
                Request(writer, refusal.Request);
                writer.WriteNumber("status"u8, refusal.Status);
                writer.WriteString("reason"u8, refusal.Reason);
                Decision(writer, refusal.Decision);
                break;
            case RefusalsEvent refusals:
                writer.WriteString("reason"u8, refusals.Reason);
                writer.WriteNumber("count"u8, refusals.Count);
                writer.WriteNumber("dropped"u8, refusals.Dropped);
                EventWriter.Time(writer, "from"u8, refusals.From);
                EventWriter.Time(writer, "until"u8, refusals.Until);
                break;
            case SourceEvent source:
                Source(writer, source);
                break;
            case KeyEvent key:
                writer.WriteString("act"u8, key.Act);
                writer.WriteString("key"u8, key.KeyId);
                writer.WriteString("tenant"u8, key.Tenant);
                writer.WriteString("by"u8, key.By);
                break;
            case PolicyEvent policy:
                writer.WriteString("act"u8, policy.Act);
                writer.WriteString("digest"u8, policy.Digest);
                writer.WriteString("previous"u8, policy.PreviousDigest);
                break;
            case DenyEvent deny:
                writer.WriteString("act"u8, deny.Act);
                writer.WriteString("type"u8, deny.Type);
                writer.WriteString("digest"u8, deny.Digest);
                if (deny.Until is { } until)
                    EventWriter.Time(writer, "until"u8, until);
                else
                    writer.WriteNull("until"u8);
                writer.WriteString("by"u8, deny.By);
                break;
        }
    }

    private static void Source(Utf8JsonWriter writer, SourceEvent source)
    {
        writer.WriteString("act"u8, source.Act);
        writer.WriteString("key"u8, source.Key);
        writer.WriteStartArray("follows"u8);
        foreach (var retired in source.Follows)
        {
            writer.WriteStartObject();
            writer.WriteString("src"u8, retired.Source.ToString());
            writer.WriteNumber("n"u8, retired.LastAcknowledged);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Request(Utf8JsonWriter writer, RequestRecord request)
    {
        writer.WriteStartObject("request"u8);
        writer.WriteString("route"u8, request.Route);
        writer.WriteString("method"u8, request.Method);
        writer.WriteString("dialect"u8, request.Dialect);
        writer.WriteString("auth"u8, request.AuthMethod);
        writer.WriteBoolean("bound"u8, request.Bound);
        writer.WriteString("key"u8, request.KeyId);
        writer.WriteString("tenant"u8, request.Tenant);
        writer.WriteBoolean("stream"u8, request.Stream);
        Number(writer, "bytes"u8, request.BodyBytes);
        writer.WriteString("digest"u8, request.BodyDigest);
        if (request.Model is { } model)
        {
            writer.WriteStartObject("model"u8);
            writer.WriteString("name"u8, model.Catalogue);
            writer.WriteNumber("length"u8, model.Length);
            writer.WriteString("digest"u8, model.Digest);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("model"u8);
        }

        writer.WriteEndObject();
    }

    private static void Decision(Utf8JsonWriter writer, DecisionRecord? decision)
    {
        if (decision is null)
        {
            writer.WriteNull("decision"u8);
            return;
        }

        writer.WriteStartObject("decision"u8);
        writer.WriteBoolean("allowed"u8, decision.Allowed);
        writer.WriteString("action"u8, decision.Action);
        writer.WriteString("resource"u8, decision.Resource);
        writer.WriteString("policy"u8, decision.PolicyDigest);
        Strings(writer, "policies"u8, decision.Policies);
        Strings(writer, "errors"u8, decision.Errors);
        writer.WriteStartArray("questions"u8);
        foreach (var question in decision.Questions)
        {
            writer.WriteStartObject();
            writer.WriteString("action"u8, question.Action);
            writer.WriteString("resource"u8, question.Resource);
            writer.WriteBoolean("allowed"u8, question.Allowed);
            Strings(writer, "policies"u8, question.Policies);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("label"u8, decision.Label);
        Counts(writer, "kinds"u8, decision.Kinds);
        // Only where there are some: events of before are the same bytes.
        if (decision.Placeholders.Count > 0)
            Counts(writer, "placeholders"u8, decision.Placeholders);
        Strings(writer, "datasets"u8, decision.Datasets);
        if (decision.Lineage.Count > 0)
            Strings(writer, "lineage"u8, decision.Lineage);
        if (decision.Session is not null)
            writer.WriteString("session"u8, decision.Session);
        writer.WriteBoolean("opaque"u8, decision.Opaque);
        writer.WriteStartObject("residuals"u8);
        foreach (var (dataset, residual) in decision.Residuals.OrderBy(static r => r.Key, StringComparer.Ordinal))
            writer.WriteString(dataset, residual);
        writer.WriteEndObject();
        if (decision.Grounds.Count > 0)
            Strings(writer, "grounds"u8, decision.Grounds);
        if (decision.Entities is { } entities)
        {
            writer.WriteStartObject("entities"u8);
            writer.WriteString("digest"u8, entities.Digest);
            writer.WriteNumber("bytes"u8, entities.Bytes);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("entities"u8);
        }

        writer.WriteEndObject();
    }

    private static void Outcome(Utf8JsonWriter writer, OutcomeEvent outcome)
    {
        writer.WriteString("result"u8, outcome.Result);
        writer.WriteNumber("status"u8, outcome.Status);
        Number(writer, "inputTokens"u8, outcome.InputTokens);
        Number(writer, "outputTokens"u8, outcome.OutputTokens);
        writer.WriteNumber("bytes"u8, outcome.BytesOut);
        writer.WriteNumber("events"u8, outcome.Events);
        Counts(writer, "redactions"u8, outcome.Redactions);
        if (outcome.Restored.Count > 0)
            Counts(writer, "restored"u8, outcome.Restored);
        writer.WriteString("rules"u8, outcome.RulesDigest);
        writer.WriteString("digest"u8, outcome.AnswerDigest);
        Number(writer, "firstByteUs"u8, outcome.FirstByte is { } first ? Microseconds(first) : null);
        writer.WriteNumber("durationUs"u8, Microseconds(outcome.Duration));
        writer.WriteString("finish"u8, outcome.FinishReason);
        writer.WriteString("target"u8, outcome.Target);
        Number(writer, "rows"u8, outcome.Rows);
        Number(writer, "attempts"u8, outcome.Attempts);
    }

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    private static void Number(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
        else
            writer.WriteNull(name);
    }

    private static void Strings(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        for (var i = 0; i < values.Count; i++)
            writer.WriteStringValue(values[i]);
        writer.WriteEndArray();
    }

    /// <summary>Members in ordinal order of their names, so that equal counts are equal bytes.</summary>
    private static void Counts(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyDictionary<string, long> counts)
    {
        writer.WriteStartObject(name);
        if (counts.Count > 0)
        {
            foreach (var (kind, count) in counts.OrderBy(static c => c.Key, StringComparer.Ordinal))
                writer.WriteNumber(kind, count);
        }

        writer.WriteEndObject();
    }
}
