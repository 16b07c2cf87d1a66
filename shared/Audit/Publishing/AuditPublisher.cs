using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofgate.Audit.Sealing;

namespace Proofgate.Audit.Publishing;

/// <summary>The audit stream of a process: seals personal parts, encodes, and publishes in batches over an <see cref="IAuditTransport"/>.</summary>
public sealed class AuditPublisher : IAuditStream, IAsyncDisposable
{
    private readonly PersonalSealer _sealer;
    private readonly SourceLane _lane;

    public AuditPublisher(
        IAuditTransport transport,
        PersonalSealer sealer,
        ProcessKey key,
        IOptions<AuditOptions> options,
        TimeProvider time,
        ILogger<AuditPublisher> logger)
    {
        _sealer = sealer;
        _lane = new SourceLane("decisions", transport, LaneLimits.Of(options.Value), key, time, logger);
    }

    public AuditStreamHealth Health => _lane.Health;

    /// <exception cref="ArgumentException">The event is larger than 256 KiB: a bound above was missed.</exception>
    public async ValueTask<AuditReceipt> PublishAsync(AuditEvent auditEvent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var tail = await EventEncoding.TailAsync(auditEvent, _sealer, cancellationToken).ConfigureAwait(false);
        return await _lane.PublishAsync(auditEvent.Id, tail, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends what waits and the closing event of the source.</summary>
    public ValueTask DisposeAsync() => _lane.DisposeAsync();
}
