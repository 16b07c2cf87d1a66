using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Proofgate.Http.Telemetry;

/// <summary>Registers traces and metrics, where the settings say who gets them.</summary>
public static class TelemetryServices
{
    /// <param name="services">The host's.</param>
    /// <param name="configuration">The host's, complete.</param>
    /// <param name="app">Which of the apps this is.</param>
    public static IServiceCollection AddProofgateTelemetry(this IServiceCollection services, IConfiguration configuration, string app)
    {
        services.AddOptions<TelemetryOptions>().Bind(configuration.GetSection(TelemetryOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TelemetryOptions>, Check>());
        if (Read(configuration) is not { Sends: true } options || options.Problems().Any())
        {
            return services;
        }

        // The framework itself takes and gives a caller's place in a trace, as TraceParentOnly says; this one reads no baggage beside it.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.Clear().AddService($"proofgate-{app}", serviceNamespace: "proofgate", autoGenerateServiceInstanceId: true))
            .WithTracing(traces => Trace(traces, options))
            .WithMetrics(metrics => Measure(metrics, options));
        return services;
    }

    /// <summary>What is told, without who is told: the tests listen here.</summary>
    internal static TracerProviderBuilder AddProofgateSpans(this TracerProviderBuilder traces, double ratio) => traces
        .SetSampler(new RequestSampler(ratio))
        .AddSource([.. Instruments.Sources])
        .AddAspNetCoreInstrumentation()
        .AddHttpClientInstrumentation()
        .AddProcessor(new SpanWords());

    /// <inheritdoc cref="AddProofgateSpans"/>
    internal static MeterProviderBuilder AddProofgateMeters(this MeterProviderBuilder metrics)
    {
        metrics.AddMeter([.. Instruments.Meters]);
        foreach (var instrument in Instruments.All)
        {
            metrics.AddView(instrument.Name, new MetricStreamConfiguration { TagKeys = [.. instrument.Tags], CardinalityLimit = Instruments.MaxCombinations });
        }

        return metrics;
    }

    private static void Trace(TracerProviderBuilder traces, TelemetryOptions options)
    {
        traces.AddProofgateSpans(options.TraceRatio);
        if (options.OtlpEndpoint is { } collector)
        {
            traces.AddOtlpExporter(otlp => Address(otlp, collector, options.OtlpProtocol, "v1/traces"));
        }

        if (options.AzureMonitor is not null)
        {
            traces.AddAzureMonitorTraceExporter(azure => Connect(azure, options));
        }
    }

    private static void Measure(MeterProviderBuilder metrics, TelemetryOptions options)
    {
        metrics.AddProofgateMeters();
        if (options.OtlpEndpoint is { } collector)
        {
            metrics.AddOtlpExporter((otlp, reader) =>
            {
                Address(otlp, collector, options.OtlpProtocol, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.MetricInterval.TotalMilliseconds;
            });
        }

        if (options.AzureMonitor is not null)
        {
            metrics.AddAzureMonitorMetricExporter(azure => Connect(azure, options));
        }
    }

    private static void Address(OtlpExporterOptions otlp, Uri collector, OtlpExportProtocol protocol, string path)
    {
        otlp.Protocol = protocol;
        otlp.Endpoint = protocol == OtlpExportProtocol.Grpc ? collector : new Uri($"{collector.ToString().TrimEnd('/')}/{path}");
    }

    private static void Connect(AzureMonitorExporterOptions azure, TelemetryOptions options)
    {
        azure.ConnectionString = options.AzureMonitor;
        // What could not be sent is not left on a disk.
        azure.DisableOfflineStorage = true;
        azure.SamplingRatio = 1;
        if (options.ManagedIdentityClientId is { } id)
        {
            azure.Credential = new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(id));
        }
    }

    /// <summary>Null if a value has no such form: then the check at start names it.</summary>
    private static TelemetryOptions? Read(IConfiguration configuration)
    {
        var options = new TelemetryOptions();
        try
        {
            configuration.GetSection(TelemetryOptions.Section).Bind(options);
            return options;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private sealed class Check : IValidateOptions<TelemetryOptions>
    {
        public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
        {
            var found = options.Problems().ToList();
            return found.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
        }
    }
}
