using System.Diagnostics;
using OpenTelemetry;

namespace Proofgate.Http.Telemetry;

/// <summary>
/// Leaves of every span what is ours to say. The framework's own tags quote requests: paths, queries, hosts, agents. Whatever is added to them in a later
/// version is not listed here, and does not leave the process.
/// </summary>
internal sealed class SpanWords : BaseProcessor<Activity>
{
    private static readonly HashSet<string> Kept =
        ["http.request.method", "http.response.status_code", "http.route", "network.protocol.version", "error.type"];

    /// <summary>Of what we call ourselves: hosts are those of the settings.</summary>
    private static readonly HashSet<string> KeptOfOurCalls = [.. Kept, "server.address", "server.port"];

    public override void OnEnd(Activity data)
    {
        var kept = data.Kind == ActivityKind.Client ? KeptOfOurCalls : Kept;
        foreach (var (name, _) in data.TagObjects.ToList())
        {
            if (!kept.Contains(name))
            {
                data.SetTag(name, null);
            }
        }

        if (data.Kind is ActivityKind.Server or ActivityKind.Client)
        {
            data.DisplayName = $"{data.GetTagItem("http.request.method") ?? "HTTP"} {(data.Kind == ActivityKind.Server ? data.GetTagItem("http.route") : data.GetTagItem("server.address"))}".TrimEnd();
        }

        // An exception's message stands in the description, and may quote.
        if (data.Status == ActivityStatusCode.Error && data.StatusDescription is not null)
        {
            data.SetStatus(ActivityStatusCode.Error);
        }

        data.TraceStateString = null;
    }
}
