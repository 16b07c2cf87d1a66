using System.Globalization;
using Microsoft.Extensions.Logging;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tiles;

namespace Proofgate.Audit.Cosigning;

/// <summary>
/// Keeps one witness up to date with every log. A witness that is silent is left alone for a while; a log that it refuses is, and the others go on. What it
/// has cosigned is in the evidence, so a restart goes on from there.
/// </summary>
internal sealed class WitnessDesk(
    WitnessEndpoint witness, WitnessClient client, WitnessMetrics metrics, IEvidenceStore store, LogOrigin origin, TimeSpan interval, TimeProvider time, ILogger log)
{
    /// <summary>A witness that says another size each time is not asked for ever.</summary>
    private const int MaxRounds = 4;

    private readonly Dictionary<string, long> _cosigned = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (string Problem, bool Alarm, WitnessBackoff Backoff)> _refused = new(StringComparer.Ordinal);
    private readonly WitnessBackoff _backoff = new(interval, time);
    private volatile WitnessState _state = new(witness.Name, null, "not asked yet", false);

    internal WitnessState State => _state;

    /// <summary>Submits the newest checkpoint of each log that it has not cosigned.</summary>
    /// <exception cref="EvidenceUnavailableException">The evidence cannot be read.</exception>
    internal async Task RoundAsync(IReadOnlyList<string> logs, CancellationToken cancellationToken)
    {
        if (_backoff.IsWaiting)
            return;
        foreach (var name in logs)
        {
            if (_refused.TryGetValue(name, out var refusal) && refusal.Backoff.IsWaiting)
                continue;
            var reply = await SubmitAsync(name, cancellationToken).ConfigureAwait(false);
            metrics.Count(witness.Name, reply);
            switch (reply)
            {
                case WitnessReply.Silent silent:
                    _backoff.Failed();
                    Report(_state.Cosigned, silent.Problem);
                    return;
                case WitnessReply.Refused refused:
                    Refuse(name, ReasonOf(refused.Status, name), alarm: refused.Status == 422);
                    break;
                case WitnessReply.Holds ahead:
                    Refuse(name, string.Create(CultureInfo.InvariantCulture, $"it has cosigned {ahead.Size} leaves of {name}, which are not there any more"), alarm: true);
                    break;
                case WitnessReply.Cosigned:
                    _refused.Remove(name);
                    _backoff.Succeeded();
                    Report(time.GetUtcNow(), null);
                    break;
                default:
                    break;
            }
        }

        _backoff.Succeeded();
        Report(_state.Cosigned, null);
    }

    /// <returns>Null if there is nothing to submit. A conflict that is left over is of a size beyond the newest checkpoint.</returns>
    private async Task<WitnessReply?> SubmitAsync(string name, CancellationToken cancellationToken)
    {
        var (files, cosigned) = (new LogFiles(store, name), new CosignedFiles(store, name));
        if (await NewestAsync(files, cancellationToken).ConfigureAwait(false) is not { } shown)
            return null;
        var (newest, note, bytes) = shown;
        if (!_cosigned.TryGetValue(name, out var old))
            old = _cosigned[name] = await cosigned.HighestAsync(witness.Key, cancellationToken).ConfigureAwait(false);
        if (old == newest.Size)
            return null;
        for (var round = 0; round < MaxRounds; round++)
        {
            if (old > newest.Size)
            {
                // Another writer may have gone on meanwhile; else what the witness has seen is gone.
                if (await NewestAsync(files, cancellationToken).ConfigureAwait(false) is not { } again || again.Checkpoint.Size < old)
                    return new WitnessReply.Holds(old);
                (newest, note, bytes) = again;
            }

            var proof = old > 0 && old < newest.Size
                ? await new TileTree(files, newest.Size).ConsistencyAsync(old, cancellationToken).ConfigureAwait(false)
                : [];
            var reply = await client.AddAsync(witness, Witness.Request(old, proof, bytes), cancellationToken).ConfigureAwait(false);
            if (reply is WitnessReply.Holds held && held.Size != old)
            {
                old = held.Size;
                continue;
            }

            if (reply is not WitnessReply.Cosigned lines)
                return reply is WitnessReply.Holds ? new WitnessReply.Silent("it contradicts itself about the size that it holds") : reply;
            if (lines.Signatures.FirstOrDefault(s => s.IsBy(witness.Key)) is not { } signature || !witness.Key.Verify(note.Text.Span, signature.Value.Span))
                return new WitnessReply.Silent("its answer has no cosignature of its own key");
            await cosigned.KeepAsync(witness.Key, newest.Size, note.With(signature), cancellationToken).ConfigureAwait(false);
            _cosigned[name] = newest.Size;
            return reply;
        }

        return new WitnessReply.Silent("it gives another size each time");
    }

    private async Task<(Checkpoint Checkpoint, SignedNote Note, byte[] Bytes)?> NewestAsync(LogFiles files, CancellationToken cancellationToken) =>
        await new CheckpointFiles(store, files, origin.Of(files.Log)).NewestBytesAsync(cancellationToken).ConfigureAwait(false) is { } bytes
        && SignedNote.TryParse(bytes, out var note) && Checkpoint.TryParse(note.Text.Span, out var checkpoint)
            ? (checkpoint, note, bytes)
            : null;

    private void Refuse(string name, string problem, bool alarm)
    {
        var backoff = _refused.TryGetValue(name, out var before) ? before.Backoff : new WitnessBackoff(interval, time);
        backoff.Failed();
        _refused[name] = (problem, alarm, backoff);
        if (before.Problem == problem)
            return;
        if (alarm)
            log.WitnessAlarm(witness.Name, problem);
        else
            log.WitnessRefused(witness.Name, problem);
    }

    private void Report(DateTimeOffset? cosigned, string? silence)
    {
        var before = _state;
        var worst = _refused.Values.OrderByDescending(static r => r.Alarm).FirstOrDefault();
        _state = new WitnessState(witness.Name, cosigned, silence ?? worst.Problem, _refused.Values.Any(static r => r.Alarm));
        if (silence is not null && before.Problem != silence)
            log.WitnessSilent(witness.Name, silence);
        else if (_state.Problem is null && before.Problem is not null)
            log.WitnessCosigns(witness.Name);
    }

    private static string ReasonOf(int status, string name) => status switch
    {
        403 => $"it does not know the key that signs {name} (403): give it the log's new key",
        404 => $"it does not know {name} (404): give it the log's key",
        422 => $"{name} does not go on from what it has cosigned (422): it was rewritten, or another log has its name",
        _ => string.Create(CultureInfo.InvariantCulture, $"it refuses {name} ({status})"),
    };
}
