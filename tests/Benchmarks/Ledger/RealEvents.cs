using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Audit.Publishing;
using Proofgate.Audit.Sealing;

namespace Proofgate.Benchmarks.Ledger;

/// <summary>Events of the size and shape that chat calls leave, through the real publisher.</summary>
internal sealed class RealEvents : IAuditTransport, ISubjectKeyStore
{
    private static readonly byte[] Request = Encoding.UTF8.GetBytes(
        $$"""{"address":"10.0.0.7","client":"VPQydaE2","request":{"action":"infer","context":{{{string.Join(',', Enumerable.Range(0, 24).Select(static i => $"\"attribute{i}\":\"value of attribute {i}\""))}}},"principal":"default/alice","resource":"assistant"},"subject":"alice"}""");

    private readonly ConcurrentDictionary<string, SubjectKeyRecord> _subjects = new();
    private readonly List<byte[]> _bodies = [];

    internal static DecisionEvent Decision() => new()
    {
        Id = AuditId.New(TimeProvider.System),
        Time = TimeProvider.System.GetUtcNow(),
        TraceId = "0af7651916cd43dd8448eb211c80319c",
        Personal = new PersonalPart("default", "alice", Request),
        Request = new RequestRecord
        {
            Route = "/v1/chat/completions",
            Method = "POST",
            Dialect = "openai.chat",
            AuthMethod = "apikey",
            Bound = true,
            KeyId = "VPQydaE2",
            Tenant = "default",
            Stream = true,
            BodyBytes = 213,
            BodyDigest = new string('b', 64),
            Model = new ClientName("assistant", 9, null),
        },
        Decision = new DecisionRecord
        {
            Allowed = true,
            Action = "infer",
            Resource = "Proofgate::Model::\"assistant\"",
            PolicyDigest = new string('a', 64),
            Policies = ["developers-infer", "bound-keys"],
            Label = 1,
            Questions = [.. Enumerable.Range(0, 14).Select(static i => new QuestionRecord("reveal", $"Proofgate::Kind::\"kind-{i}\"", i % 2 == 0, ["reveal-own"]))],
        },
    };

    internal static async Task<IReadOnlyList<byte[]>> MakeAsync(int count)
    {
        var made = new RealEvents();
        var options = Options.Create(new AuditOptions());
        using var key = new ProcessKey();
        await using var publisher = new AuditPublisher(
            made, new PersonalSealer(made, AuditKeys.FromMaster(new byte[32]), options, TimeProvider.System), key, options, TimeProvider.System, NullLogger<AuditPublisher>.Instance);
        while (made._bodies.Count < count)
        {
            var decision = Decision();
            await publisher.PublishAsync(decision, CancellationToken.None);
            await publisher.PublishAsync(
                new OutcomeEvent
                {
                    Id = AuditId.New(TimeProvider.System),
                    Time = TimeProvider.System.GetUtcNow(),
                    CorrelationId = decision.Id,
                    TraceId = decision.TraceId,
                    Result = "completed",
                    Status = 200,
                    InputTokens = 24,
                    OutputTokens = 36,
                    BytesOut = 5120,
                    Events = 34,
                    RulesDigest = new string('c', 64),
                    AnswerDigest = new string('d', 64),
                    FirstByte = TimeSpan.FromMilliseconds(210),
                    Duration = TimeSpan.FromMilliseconds(900),
                    FinishReason = "stop",
                    Target = "sample",
                },
                CancellationToken.None);
        }

        return [.. made._bodies.Take(count)];
    }

    public Task SendAsync(string partitionKey, IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellationToken)
    {
        _bodies.AddRange(events.Select(static e => e.ToArray()));
        return Task.CompletedTask;
    }

    public Task<SubjectKeyRecord?> FindAsync(string lookup, CancellationToken cancellationToken) => Task.FromResult(_subjects.GetValueOrDefault(lookup));

    public Task<bool> TryInsertAsync(SubjectKeyRecord record, CancellationToken cancellationToken) => Task.FromResult(_subjects.TryAdd(record.Lookup, record));

    public Task<bool> DeleteAsync(string lookup, CancellationToken cancellationToken) => Task.FromResult(false);
}
