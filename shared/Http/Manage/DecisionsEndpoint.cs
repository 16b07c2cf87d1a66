using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Proofgate.Audit;
using Proofgate.Enforcement;
using Proofgate.Enforcement.Feed;
using Proofgate.Policy;

namespace Proofgate.Http.Manage;

/// <summary>
/// <c>GET /manage/decisions</c>: decisions and refusals of the caller's tenant as they happen, as server-sent events. It ends when the caller is revoked, when
/// the host stops, and after <c>?for=SECONDS</c>. What happens while nobody listens is in the ledger and not sent again.
/// </summary>
public sealed class DecisionsEndpoint(ManageDesk desk, IDecisionFeed feed, IHostApplicationLifetime lifetime, TimeProvider time) : IEndpoint
{
    private const int MaxSeconds = 24 * 60 * 60;

    /// <summary>Time for the last event to reach a client that may have stopped reading.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    public async Task HandleAsync(Exchange exchange)
    {
        if (!TryReadDuration(exchange.Http.Request.Query, out var duration))
        {
            await exchange.RefuseAsync(
                400, "invalid_duration", $"'for' is a number of seconds, 1 to {MaxSeconds}; without it the stream goes on.", "for", exchange.Describe(stream: true));
            return;
        }

        await desk.StreamAsync(exchange, _ => Vocabulary.AuditLog(exchange.Caller.Tenant), call => WatchAsync(exchange, call, duration));
    }

    private async Task<CallOutcome> WatchAsync(Exchange exchange, AdmittedCall<ManageCall> call, TimeSpan duration)
    {
        using var elapsed = new CancellationTokenSource(duration, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            exchange.ClientGone, call.Revoked, lifetime.ApplicationStopping, elapsed.Token);
        DecisionWatch? watch;
        try
        {
            watch = await feed.WatchAsync(exchange.Caller.Tenant, stop.Token);
        }
        catch (LedgerUnavailableException)
        {
            return await FailAsync(exchange, "store_unavailable", "The ledger, from which decisions are read, is out of reach. Try again shortly.");
        }

        if (watch is null)
        {
            return await FailAsync(exchange, "too_many_watchers", $"{DecisionBroadcast.MaxWatchers} watch already, which is the most. Try again later.");
        }

        using (watch)
        {
            await StartAsync(exchange.Http, stop.Token);
            var events = new EventWriter(exchange.Http.Response.BodyWriter, call.DigestAnswer);

            // A Functions host sends the head on with the first of the body, so a quiet stream would not even begin before its first heartbeat.
            events.Beat();
            try
            {
                await PumpAsync(watch, events, call.Call.Bundle.Labels, stop.Token);
            }
            catch (OperationCanceledException)
            {
                // Whose token it was is asked below.
            }

            var (result, reason) = exchange.ClientGone.IsCancellationRequested || !stop.IsCancellationRequested ? ("client_aborted", null)
                : call.Revoked.IsCancellationRequested ? ("revoked", "revoked")
                : lifetime.ApplicationStopping.IsCancellationRequested ? ("completed", "shutdown")
                : ("completed", (string?)"elapsed");
            if (reason is not null)
            {
                await EndAsync(exchange.Http, events, reason);
            }

            return new CallOutcome { Result = result, Status = 200, Events = events.Events, BytesOut = events.Bytes };
        }
    }

    private async Task PumpAsync(DecisionWatch watch, EventWriter events, LabelScale labels, CancellationToken stop)
    {
        Task? more = null;
        while (true)
        {
            while (!events.IsFull && watch.TryRead(out var sighting))
            {
                events.Add("decision"u8, DecisionView.Of(sighting, labels), ManageJson.Default.DecisionView);
            }

            if (!events.IsFull && watch.TakeDropped() is > 0 and var dropped)
            {
                events.Add("dropped"u8, new DroppedView(dropped), ManageJson.Default.DroppedView);
            }

            if (!events.IsEmpty)
            {
                await events.FlushAsync(stop);
                continue;
            }

            try
            {
                more ??= watch.WaitAsync(stop);
                await more.WaitAsync(EventWriter.Heartbeat, time, stop);
                more = null;
            }
            catch (TimeoutException)
            {
                events.Beat();
            }
        }
    }

    private static async Task StartAsync(HttpContext http, CancellationToken stop)
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        await http.Response.StartAsync(stop);
        await http.Response.BodyWriter.FlushAsync(stop);
    }

    /// <summary>A client that reads gets to know why; from one that does not, the connection is taken away with what it has not taken yet.</summary>
    private async Task EndAsync(HttpContext http, EventWriter events, string reason)
    {
        using var patience = new CancellationTokenSource(Farewell, time);
        await using var cut = patience.Token.Register(http.Abort);
        try
        {
            events.Discard();
            events.Add("end"u8, new StreamEndView(reason), ManageJson.Default.StreamEndView);
            await events.FlushAsync(patience.Token);
            await http.Response.CompleteAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // It is gone.
        }
    }

    private static async Task<CallOutcome> FailAsync(Exchange exchange, string code, string message) =>
        new() { Result = "gateway_failed", Status = await ManageDesk.RefuseAsync(exchange, 503, code, message) };

    private static bool TryReadDuration(IQueryCollection query, out TimeSpan duration)
    {
        duration = Timeout.InfiniteTimeSpan;
        if (!query.TryGetValue("for", out var values))
        {
            return true;
        }

        if (values is not [{ } text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds is < 1 or > MaxSeconds)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }
}
