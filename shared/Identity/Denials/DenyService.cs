using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Proofgate.Identity.Denials;

/// <summary>Changes the deny list. Whether the asker may is for policy to say, before; the audit event is the asker's to write.</summary>
public sealed class DenyService
{
    /// <summary>Entries of all tenants together: every instance holds them all, and reads them all when one changes.</summary>
    public const int MaxEntries = 10_000;

    /// <summary>Entries of one tenant, so that none can use up the others' share.</summary>
    public const int MaxEntriesOfTenant = 2_000;

    private const int Attempts = 8;
    private const int LapsedAtOnce = 20;

    /// <summary>A read that hangs must not keep the change feed's from beginning.</summary>
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(2);

    private readonly IDenyStore _store;
    private readonly DenyList _list;
    private readonly TimeProvider _time;
    private readonly ILogger<DenyService> _log;

    internal DenyService(IDenyStore store, DenyList list, TimeProvider time, ILogger<DenyService> log) => (_store, _list, _time, _log) = (store, list, time, log);

    /// <summary>Adds an entry, or replaces the one of the same kind and value. Here it bites at once, on other instances within 5 s (K6).</summary>
    /// <param name="entry">What to deny; <see cref="DenyEntry.Created"/> is set here.</param>
    /// <param name="asker">Who asks.</param>
    /// <param name="force">Whether it may refuse the asker too.</param>
    /// <param name="cancellationToken">Not heeded once the entry is being written.</param>
    public async Task<DenyAddition> AddAsync(DenyEntry entry, Caller asker, bool force, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (DenyRules.Check(entry, now) is { Count: > 0 } problems)
        {
            return new DenyAddition.Invalid(problems);
        }

        if (!force && new DenySnapshot([entry]).Denies(asker, now))
        {
            return new DenyAddition.DeniesAsker();
        }

        var known = await _store.ReadAsync(cancellationToken).ConfigureAwait(false);
        var isNew = !known.Any(k => k.Id == entry.Id);
        if (isNew)
        {
            if (known.Count(k => k.Bites(now) && k.Tenant == entry.Tenant) >= MaxEntriesOfTenant)
            {
                return new DenyAddition.Full(MaxEntriesOfTenant, OfTenant: true);
            }

            if (known.Count(k => k.Bites(now)) >= MaxEntries)
            {
                return new DenyAddition.Full(MaxEntries, OfTenant: false);
            }
        }

        var stored = entry with { Created = now };
        await _store.PutAsync(stored, CancellationToken.None).ConfigureAwait(false);
        await RemoveLapsedAsync(known, stored.Id, now).ConfigureAwait(false);
        await BiteAsync().ConfigureAwait(false);
        return new DenyAddition.Added(stored, isNew);
    }

    /// <summary>A tenant's entries that bite, by kind and value.</summary>
    public async Task<IReadOnlyList<DenyEntry>> ListAsync(string tenant, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var entries = await _store.ReadAsync(cancellationToken).ConfigureAwait(false);
        return [.. entries.Where(e => e.Tenant == tenant && e.Bites(now)).OrderBy(static e => e.Kind).ThenBy(static e => e.Value, StringComparer.Ordinal)];
    }

    /// <summary>Takes an entry off the list. One of another tenant does not exist.</summary>
    /// <returns>What it was; null if there is no such entry.</returns>
    public async Task<DenyEntry?> LiftAsync(string id, string tenant, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var found = (await ListAsync(tenant, cancellationToken).ConfigureAwait(false)).FirstOrDefault(e => e.Id == id);
            if (found is null)
            {
                return null;
            }

            if (await _store.TryRemoveAsync(found, CancellationToken.None).ConfigureAwait(false))
            {
                await BiteAsync().ConfigureAwait(false);
                return found;
            }
        }

        throw new InvalidOperationException($"Entry {id} of the deny list changed {Attempts} times while it was being lifted: try again.");
    }

    [SuppressMessage("Design", "CA1031", Justification = "A lapsed entry that stays does nothing; the next addition tries again.")]
    private async Task RemoveLapsedAsync(IReadOnlyList<DenyEntry> known, string except, DateTimeOffset now)
    {
        foreach (var lapsed in known.Where(k => !k.Bites(now) && k.Id != except).Take(LapsedAtOnce))
        {
            try
            {
                await _store.TryRemoveAsync(lapsed, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                _log.DenyListNotTidied(failure);
                return;
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The change is stored; the change feed brings it here if this read does not.")]
    private async Task BiteAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(ReadTimeout, _time);
            await _list.ReadAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            _log.DenyListNotTidied(failure);
        }
    }
}
