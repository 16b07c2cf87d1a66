using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofgate.Audit.Events;
using Proofgate.Audit.Sealing;

namespace Proofgate.Audit.Publishing;

/// <summary>
/// Records refusals of unauthenticated requests: single events up to 10 a minute for each network and reason, beyond that one count a minute.
/// It has its own queue, its own source and a tenth of the capacity, so that nobody without credentials can delay or displace a decision.
/// </summary>
public sealed class RefusalChannel : IRefusalChannel, IAsyncDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly PersonalSealer _sealer;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RefusalCounts _counts;
    private readonly Channel<RefusalEvent> _queue;
    private readonly SourceLane _lane;
    private readonly ITimer _timer;
    private readonly Task _loop;

    public RefusalChannel(
        IAuditTransport transport,
        PersonalSealer sealer,
        ProcessKey key,
        IOptions<AuditOptions> options,
        TimeProvider time,
        ILogger<RefusalChannel> logger)
    {
        var limits = LaneLimits.Of(options.Value).Tenth();
        _sealer = sealer;
        _time = time;
        _log = logger;
        _counts = new RefusalCounts(options.Value.RefusalEventsPerMinute, time.GetUtcNow());
        _queue = Channel.CreateBounded<RefusalEvent>(new BoundedChannelOptions(limits.QueueCapacity) { SingleReader = true });
        _lane = new SourceLane("refusals", transport, limits, key, time, logger);
        _loop = Task.Run(RunAsync);
        _timer = time.CreateTimer(_ => _ = CountAsync(), null, Minute, Minute);
    }

    public AuditStreamHealth Health => _lane.Health;

    /// <inheritdoc/>
    public void Report(RefusalEvent refusal, IPAddress? address)
    {
        if (_counts.AdmitSingle(NetworkPrefix.Of(address), refusal.Reason) && !_queue.Writer.TryWrite(refusal))
            _counts.Return(refusal.Reason, counted: 0, dropped: 1);
    }

    /// <summary>Sends what waits, the last counts and the closing event of the source.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        await CountAsync().ConfigureAwait(false);
        await _lane.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        var sent = new List<Task>();
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (sent.Count < 16 && _queue.Reader.TryRead(out var refusal))
                sent.Add(PublishAsync(Rehomed(refusal), refusal.Reason, counted: 0, dropped: 1));
            await Task.WhenAll(sent).ConfigureAwait(false);
            sent.Clear();
        }
    }

    /// <summary>One count for each reason that has something to say. Called once a minute.</summary>
    internal Task CountAsync()
    {
        var now = _time.GetUtcNow();
        return Task.WhenAll(_counts.Take(now).Select(c => PublishAsync(
            new RefusalsEvent { Id = AuditId.New(_time), Time = now, Reason = c.Reason, Count = c.Counted, Dropped = c.Dropped, From = c.From, Until = now },
            c.Reason,
            c.Counted,
            c.Dropped)));
    }

    private async Task PublishAsync(AuditEvent auditEvent, string reason, long counted, long dropped)
    {
        try
        {
            var tail = await EventEncoding.TailAsync(auditEvent, _sealer, CancellationToken.None).ConfigureAwait(false);
            await _lane.PublishAsync(auditEvent.Id, tail, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AuditUnavailableException or ArgumentException)
        {
            _counts.Return(reason, counted, dropped);
            _log.RefusalNotPublished(reason, e.Message);
        }
    }

    /// <summary>An unknown caller must not make a key row for every name it invents: one key serves all of a day.</summary>
    private static RefusalEvent Rehomed(RefusalEvent refusal) => refusal.Personal is not { } personal
        ? refusal
        : refusal with { Personal = personal with { Tenant = "", Subject = FormattableString.Invariant($"unauthenticated/{refusal.Time.UtcDateTime:yyyy-MM-dd}") } };
}
