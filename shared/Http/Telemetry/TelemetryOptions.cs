using OpenTelemetry.Exporter;

namespace Proofgate.Http.Telemetry;

/// <summary>Section <c>Proofgate:Telemetry</c>: where traces and metrics go. By default nowhere, and then nothing is measured.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Proofgate:Telemetry";

    /// <summary>A collector of the OpenTelemetry protocol, for example <c>http://127.0.0.1:4317</c>.</summary>
    public Uri? OtlpEndpoint { get; set; }

    /// <summary><c>Grpc</c>, the default, or <c>HttpProtobuf</c>, for which <c>/v1/traces</c> and <c>/v1/metrics</c> are added to the address.</summary>
    public OtlpExportProtocol OtlpProtocol { get; set; } = OtlpExportProtocol.Grpc;

    /// <summary>Connection string of an Application Insights. It is no secret where that one takes identities only.</summary>
    public string? AzureMonitor { get; set; }

    /// <summary>Client id of the identity that sends to <see cref="AzureMonitor"/>; without it the connection string alone has to do.</summary>
    public string? ManagedIdentityClientId { get; set; }

    /// <summary>Part of the requests that are traced, 0 to 1. Default 0.05. What a caller wants is not asked.</summary>
    public double TraceRatio { get; set; } = 0.05;

    /// <summary>How often metrics are sent. Default 60 s.</summary>
    public TimeSpan MetricInterval { get; set; } = TimeSpan.FromSeconds(60);

    internal bool Sends => OtlpEndpoint is not null || AzureMonitor is not null;

    internal IEnumerable<string> Problems()
    {
        if (OtlpEndpoint is { } endpoint && (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("http" or "https") || endpoint.UserInfo.Length > 0 || (endpoint.Scheme == "http" && !endpoint.IsLoopback)))
        {
            yield return $"{Section}:{nameof(OtlpEndpoint)} must be the https address of a collector, or an http one on this machine.";
        }

        if (!Enum.IsDefined(OtlpProtocol))
        {
            yield return $"{Section}:{nameof(OtlpProtocol)} must be Grpc or HttpProtobuf.";
        }

        if (AzureMonitor is { } connection && !connection.Contains("InstrumentationKey=", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"{Section}:{nameof(AzureMonitor)} must be the connection string of an Application Insights.";
        }

        if (ManagedIdentityClientId is { } id && (AzureMonitor is null || !Guid.TryParse(id, out _)))
        {
            yield return $"{Section}:{nameof(ManagedIdentityClientId)} must be the client id of an identity, and goes with {nameof(AzureMonitor)}.";
        }

        if (TraceRatio is not (>= 0 and <= 1))
        {
            yield return $"{Section}:{nameof(TraceRatio)} must be 0 to 1.";
        }

        if (MetricInterval < TimeSpan.FromSeconds(1) || MetricInterval > TimeSpan.FromHours(1))
        {
            yield return $"{Section}:{nameof(MetricInterval)} must be 1 s to 1 hour.";
        }
    }
}
