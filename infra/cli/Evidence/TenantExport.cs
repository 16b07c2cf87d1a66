using System.Text;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Tenants;
using Proofgate.Cli.Gateway;
using Proofgate.Cli.Gateway.Wire;

namespace Proofgate.Cli.Evidence;

/// <summary>
/// Writes one tenant's events to a folder of their own, each as a receipt with its proof, and the changes of the log's key. From a gateway only they are fetched; from a folder or a container all
/// leaves are read and the others left there.
/// </summary>
internal sealed class TenantExport(EvidenceSource source, string tenant, IEvidenceStore to)
{
    private readonly HashSet<AuditId> _decisions = [];
    private readonly List<TenantManifest.Log> _logs = [];

    /// <summary>Outcomes whose decision has not come yet.</summary>
    private readonly List<(string Log, long Index, AuditId Decision, byte[] Proof)> _outcomes = [];

    internal long Events { get; private set; }

    /// <exception cref="EvidenceUnavailableException">The source cannot be read, or the folder not written.</exception>
    /// <exception cref="EvidenceDamagedException">The evidence does not hold.</exception>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        if (source.Fetch is { } fetch)
        {
            await FetchAsync(fetch, cancellationToken);
        }
        else
        {
            await ReadAsync(cancellationToken);
            await foreach (var (leaf, note) in KeyChangeFiles.ReadAsync(source.Store, source.Origin, cancellationToken))
            {
                await to.InsertAsync(KeyChangeFiles.PathOf(source.Origin, leaf), note, cancellationToken);
            }
        }

        foreach (var (log, index, decision, proof) in _outcomes)
        {
            // One whose decision is beyond the checkpoints cannot be shown to be the tenant's.
            if (_decisions.Contains(decision))
            {
                await WriteAsync(log, index, proof, cancellationToken);
            }
        }

        await to.InsertAsync(TenantManifest.Path, new TenantManifest(tenant, _logs).ToBytes(), cancellationToken);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var path in source.Store.PathsAsync("", cancellationToken))
        {
            names.Add(path.Split('/')[0]);
        }

        var views = new List<TenantView>();
        foreach (var name in names)
        {
            if (await TenantView.OpenAsync(source.Store, source.Origin, name, tenant, null, cancellationToken) is { } view)
            {
                views.Add(view);
                await foreach (var decision in view.DecisionsAsync(cancellationToken))
                {
                    _decisions.Add(decision);
                }
            }
        }

        foreach (var view in views)
        {
            _logs.Add(new TenantManifest.Log(view.Log, view.Size, 0));
            await foreach (var found in view.ReadAsync(0, view.Size, (decision, _) => ValueTask.FromResult(_decisions.Contains(decision)), cancellationToken))
            {
                await TakeAsync(view.Log, found.Index, found.Id, found.Decision, found.Proof.ToBytes(), cancellationToken);
            }
        }
    }

    private async Task FetchAsync(EvidenceFetch fetch, CancellationToken cancellationToken)
    {
        var listed = await fetch.TenantLogsAsync(tenant, cancellationToken);
        foreach (var change in (listed.KeyChanges ?? []).Where(static c => c.Leaf >= 0).Take(KeyChangeFiles.Most))
        {
            await to.InsertAsync(KeyChangeFiles.PathOf(source.Origin, change.Leaf), Encoding.UTF8.GetBytes(change.Note), cancellationToken);
        }

        foreach (var log in listed.Logs)
        {
            if (!source.Origin.Has(log.Name))
            {
                throw new EvidenceDamagedException("The gateway names a log that this deployment cannot have: is --log-key its own?");
            }

            _logs.Add(new TenantManifest.Log(log.Name, log.Size, 0));
            for (long? from = 0; from is { } at;)
            {
                var page = await fetch.TenantEventsAsync(tenant, log.Name, log.Size, at, cancellationToken);
                foreach (var found in page.Events)
                {
                    await TakeAsync(log.Name, found, cancellationToken);
                }

                from = page.Next > at || page.Next is null ? page.Next : throw new EvidenceUnavailableException("The gateway's pages do not go on: update it, or proofgate.");
            }
        }
    }

    private Task TakeAsync(string log, TenantEventRecord found, CancellationToken cancellationToken)
    {
        AuditId? decision = AuditId.TryParse(found.Decision, out var read) ? read : null;
        return found.Index >= 0 && AuditId.TryParse(found.Id, out var id)
            ? TakeAsync(log, found.Index, id, decision, Encoding.UTF8.GetBytes(found.Proof), cancellationToken)
            : throw new EvidenceUnavailableException("The gateway's answer is not understood: update it, or proofgate.");
    }

    private async Task TakeAsync(string log, long index, AuditId id, AuditId? decision, byte[] proof, CancellationToken cancellationToken)
    {
        if (decision is null)
        {
            _decisions.Add(id);
        }
        else if (!_decisions.Contains(decision.Value))
        {
            _outcomes.Add((log, index, decision.Value, proof));
            return;
        }

        await WriteAsync(log, index, proof, cancellationToken);
    }

    private async Task WriteAsync(string log, long index, byte[] proof, CancellationToken cancellationToken)
    {
        if (!await to.InsertAsync(TenantManifest.PathOf(log, index), proof, cancellationToken))
        {
            throw new EvidenceDamagedException($"Leaf {index} of {log} is there twice.");
        }

        Events++;
        var at = _logs.FindIndex(l => l.Name == log);
        _logs[at] = _logs[at] with { Events = _logs[at].Events + 1 };
    }
}
