using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Proofgate.Audit;
using Proofgate.Audit.Publishing;
using Proofgate.Audit.Sealing;
using Proofgate.Audit.Streaming;

namespace Proofgate.Benchmarks.Ledger;

/// <summary>The publishing side of a local run: publisher and refusal channel over one embedded stream on disk.</summary>
internal sealed class PublishingHouse : ISubjectKeyStore, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, SubjectKeyRecord> _subjects = new();
    private readonly ProcessKey _key = new();

    internal PublishingHouse(string folder)
    {
        Options = Microsoft.Extensions.Options.Options.Create(new AuditOptions { DataPath = folder, Hub = "bench", Partitions = 1 });
        var sealer = new PersonalSealer(this, AuditKeys.FromMaster(new byte[32]), Options, TimeProvider.System);
        Stream = new EmbeddedStream(Options, TimeProvider.System, NullLogger<EmbeddedStream>.Instance);
        Publisher = new AuditPublisher(Stream, sealer, _key, Options, TimeProvider.System, NullLogger<AuditPublisher>.Instance);
        Refusals = new RefusalChannel(Stream, sealer, _key, Options, TimeProvider.System, NullLogger<RefusalChannel>.Instance);
    }

    internal IOptions<AuditOptions> Options { get; }

    internal EmbeddedStream Stream { get; }

    internal AuditPublisher Publisher { get; }

    internal RefusalChannel Refusals { get; }

    public Task<SubjectKeyRecord?> FindAsync(string lookup, CancellationToken cancellationToken) => Task.FromResult(_subjects.GetValueOrDefault(lookup));

    public Task<bool> TryInsertAsync(SubjectKeyRecord record, CancellationToken cancellationToken) => Task.FromResult(_subjects.TryAdd(record.Lookup, record));

    public Task<bool> DeleteAsync(string lookup, CancellationToken cancellationToken) => Task.FromResult(_subjects.TryRemove(lookup, out _));

    public async ValueTask DisposeAsync()
    {
        await Refusals.DisposeAsync();
        await Publisher.DisposeAsync();
        await Stream.DisposeAsync();
        _key.Dispose();
    }
}
