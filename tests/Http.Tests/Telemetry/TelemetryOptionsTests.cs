using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Proofgate.Http.Telemetry;

namespace Proofgate.Http.Tests.Telemetry;

/// <summary>Not beside who listens to the framework's spans: a provider adds tags to them, which leave the process by its own door alone.</summary>
[Collection(nameof(Telemetry))]
public sealed class TelemetryOptionsTests
{
    private const string Connection = "InstrumentationKey=11111111-2222-3333-4444-555555555555";

    [Theory]
    [InlineData("OtlpEndpoint=http://collector.example:4317", "OtlpEndpoint")]
    [InlineData("OtlpEndpoint=ftp://127.0.0.1", "OtlpEndpoint")]
    [InlineData("AzureMonitor=nonsense", "AzureMonitor")]
    [InlineData("ManagedIdentityClientId=11111111-2222-3333-4444-555555555555", "ManagedIdentityClientId")]
    [InlineData("TraceRatio=1.5", "TraceRatio")]
    [InlineData("TraceRatio=NaN", "TraceRatio")]
    [InlineData("MetricInterval=00:00:00.5", "MetricInterval")]
    [InlineData("OtlpProtocol=7", "OtlpProtocol")]
    public void Setting_IsRefused_WithItsName(string setting, string name)
    {
        ArgumentNullException.ThrowIfNull(setting);
        using var services = Services(setting);
        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<TelemetryOptions>>().Value);
        Assert.StartsWith($"Proofgate:Telemetry:{name}", Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    /// <summary>Without somebody to tell there is nothing that measures.</summary>
    [Theory]
    [InlineData("TraceRatio=1", false)]
    [InlineData("OtlpEndpoint=http://127.0.0.1:4317", true)]
    [InlineData($"AzureMonitor={Connection}", true)]
    public void Providers_AreThere_WhereTheSettingsSayWhoIsTold(string setting, bool there)
    {
        using var services = Services(setting);
        Assert.Equal((there, there), (services.GetService<TracerProvider>() is not null, services.GetService<MeterProvider>() is not null));
    }

    private static ServiceProvider Services(string setting)
    {
        var pair = setting.Split('=', 2);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new($"{TelemetryOptions.Section}:{pair[0]}", pair[1])]).Build();
        return new ServiceCollection().AddLogging().AddProofgateTelemetry(configuration, "test").BuildServiceProvider();
    }
}
