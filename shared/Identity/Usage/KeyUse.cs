using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofgate.Identity.ApiKeys;

namespace Proofgate.Identity.Usage;

/// <summary>
/// Notes the day of a key's last use (K8), once a day for each key, away from the calls: what does not fit the queue or is lost with the process is
/// noted at the key's next use, and a failure never reaches a call.
/// </summary>
internal sealed class KeyUse : BackgroundService
{
    internal const int QueueLength = 1024;

    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly Channel<(KeyId Id, int Day)> _queue = Channel.CreateBounded<(KeyId Id, int Day)>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly BoundedMap<int> _noted;
    private readonly IKeyUseStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<KeyUse> _log;

    public KeyUse(IKeyUseStore store, IOptions<IdentityOptions> options, TimeProvider time, ILogger<KeyUse> log)
    {
        _store = store;
        _time = time;
        _log = log;
        _noted = new BoundedMap<int>(options.Value.CachedKeys);
    }

    /// <summary>On every authenticated call: a day that is noted already costs one look-up and allocates nothing.</summary>
    internal void Note(Caller caller)
    {
        if (caller.Method != AuthenticationMethod.ApiKey || !KeyId.TryParse(caller.Client, out var id))
        {
            return;
        }

        var day = (int)(_time.GetUtcNow().UtcTicks / TimeSpan.TicksPerDay);
        if ((!_noted.TryGet(id, out var known) || known != day) && _queue.Writer.TryWrite((id, day)))
        {
            _noted.Set(id, day);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var (id, day) in _queue.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false))
            {
                if (!await TryNoteAsync(id, DateOnly.FromDayNumber(day), stoppingToken).ConfigureAwait(false))
                {
                    _noted.Remove(id);
                    await Task.Delay(Pause, _time, stoppingToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever fails, calls go on and the next use is noted.")]
    private async Task<bool> TryNoteAsync(KeyId id, DateOnly day, CancellationToken cancellationToken)
    {
        try
        {
            using var timeout = new CancellationTokenSource(Timeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            await _store.NoteAsync(id, day, either.Token).WaitAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            _log.UseNotNoted(failure);
            return false;
        }
    }
}
