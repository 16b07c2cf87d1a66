using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Proofgate.EventHubs;

namespace Proofgate.Functions.Tests.EventHubs;

public sealed class EventHubsServicesTests
{
    private const string ConnectionString = "Endpoint=sb://127.0.0.1;SharedAccessKeyName=k;SharedAccessKey=v;UseDevelopmentEmulator=true;";

    [Fact]
    public void ConnectionString_IsEnough() => Validate(("Connection", ConnectionString));

    [Fact]
    public void Namespace_IsEnough_WithTheNamesOfTheFunctionsHost() => Validate(
        ("Connection:fullyQualifiedNamespace", "name.servicebus.windows.net"), ("Connection:credential", "managedidentity"),
        ("Connection:clientId", "00000000-0000-0000-0000-000000000001"));

    [Fact]
    public void Neither_IsAnError_ThatNamesBothKeys()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Validate(("HistoryGroup", " ")));
        Assert.Equal(2, failure.Failures.Count());
        Assert.Contains("Proofgate:EventHubs:Connection:FullyQualifiedNamespace", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Proofgate:EventHubs:HistoryGroup", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_AreAnError() => Assert.Throws<OptionsValidationException>(() =>
        Validate(("Connection", ConnectionString), ("Connection:fullyQualifiedNamespace", "name.servicebus.windows.net")));

    [Fact]
    public void MisspeltName_IsAnError()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Validate(("Connection", ConnectionString), ("Connection:clientld", "x")));
        Assert.Equal("Proofgate:EventHubs:Connection:clientld is not a setting of Proofgate. Check its spelling.", Assert.Single(failure.Failures));
    }

    private static void Validate(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(static s => $"{EventHubsOptions.Section}:{s.Key}", static s => (string?)s.Value))
            .Build();
        using var provider = new ServiceCollection().AddProofgateEventHubs(configuration).BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
    }
}
