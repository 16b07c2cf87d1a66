using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Proofgate.Audit;
using Proofgate.AzureStores;
using Proofgate.Http;
using Proofgate.Http.Telemetry;
using Proofgate.Infra.Tests.Compiler;
using Proofgate.Support;

namespace Proofgate.Infra.Tests.Settings;

/// <summary>What the templates set beside what the apps read.</summary>
internal static class Parity
{
    private const string SomeId = "11111111-2222-3333-4444-555555555555";
    private const string SomeConnection = $"InstrumentationKey={SomeId};IngestionEndpoint=https://westeurope.in.applicationinsights.azure.com/";

    private static readonly Dictionary<string, string> Rooms = new() { ["gateway"] = "Gateway", ["manage"] = "Manage", ["writer"] = "AuditWriter" };

    private static readonly (string, Type)[] HostSections =
        [(StorageOptions.Section, typeof(StorageOptions)), (KeyVaultOptions.Section, typeof(KeyVaultOptions)), ("Proofgate:EventHubs", typeof(HubKeys))];

    internal static IEnumerable<string> Apps => Rooms.Keys;

    /// <summary>As the app would find them, with something of the right form where Azure has to answer first.</summary>
    internal static Dictionary<string, string?> SettingsOf(Deployment deployment, string app) =>
        deployment.Single("Microsoft.Web/sites/config", $"Microsoft.Web/sites/pg-trial-{app}/config/appsettings").Json["properties"]!.AsObject()
            .ToDictionary(static s => s.Key.Replace("__", ":", StringComparison.Ordinal), static s => (string?)Resolve(s.Value!.GetValue<string>()), StringComparer.OrdinalIgnoreCase);

    /// <returns>One sentence for each difference.</returns>
    internal static IEnumerable<string> Find(Deployment deployment)
    {
        foreach (var app in Apps)
        {
            var settings = SettingsOf(deployment, app);
            var expected = SettingTable.Of.Where(s => s.Apps.Contains(app)).Select(static s => s.Key).Concat(SettingTable.OfTheHost).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var missing in expected.Except(settings.Keys, StringComparer.OrdinalIgnoreCase))
            {
                yield return $"{app}: {missing} is not set";
            }

            foreach (var surplus in settings.Keys.Except(expected, StringComparer.OrdinalIgnoreCase))
            {
                yield return $"{app}: {surplus} is set, and not in the table";
            }

            foreach (var unread in settings.Keys.Where(k => k.StartsWith("Proofgate:", StringComparison.OrdinalIgnoreCase) && !AppSettings.Reads(Rooms[app], k)))
            {
                yield return $"{app}: {unread} is set, and the app does not read it";
            }

            foreach (var problem in StartOf(app, settings))
            {
                yield return $"{app}: {problem}";
            }
        }
    }

    /// <summary>Every error that the app would name at its start.</summary>
    internal static IEnumerable<string> StartOf(string app, Dictionary<string, string?> settings)
    {
        var configuration = Configuration(settings.Concat(FromTheVault(settings)));
        try
        {
            var services = new ServiceCollection().AddLogging().AddProofgateTelemetry(configuration, app);
            if (app == "writer")
            {
                SettingsGuard.RequireKnown(configuration, HostSections);
                services.AddProofgateLedgerInlet(configuration).AddProofgateLogSigner(configuration);
            }
            else
            {
                services.AddProofgateGateway(configuration, HostSections);
            }

            using var provider = services.AddProofgateAzureStores(configuration).BuildServiceProvider();
            provider.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException e)
        {
            return [.. e.Failures];
        }
        catch (AggregateException e)
        {
            return [.. e.InnerExceptions.SelectMany(static i => i is OptionsValidationException o ? o.Failures : [i.Message])];
        }
    }

    /// <summary>What a vault holds under the names that the app asks for: each secret in its form.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> FromTheVault(Dictionary<string, string?> settings) =>
        from setting in settings
        where setting.Key.StartsWith("Proofgate:KeyVault:Secrets:", StringComparison.OrdinalIgnoreCase)
        select KeyValuePair.Create($"Proofgate:Secrets:{setting.Value!.Replace("--", ":", StringComparison.Ordinal)}", (string?)Convert.ToBase64String(new byte[32]));

    private static string Resolve(string value) => value switch
    {
        _ when !value.StartsWith('[') => value,
        _ when Regex.IsMatch(value, @"^\[reference\('[^']*/userAssignedIdentities/[^']+', '[0-9-]+'\)\.clientId\]$") => SomeId,
        _ when value.EndsWith(".ConnectionString]", StringComparison.Ordinal) => SomeConnection,
        _ when value.EndsWith(".keyUriWithVersion]", StringComparison.Ordinal) => "https://pg-writer.vault.azure.net/keys/audit-log/0123456789abcdef0123456789abcdef",
        _ when value.StartsWith("[format('ClientId={0};Authorization=AAD', reference(", StringComparison.Ordinal) => $"ClientId={SomeId};Authorization=AAD",
        _ => throw new InvalidOperationException($"A setting that a preview does not know: {value}"),
    };

    private static IConfigurationRoot Configuration(IEnumerable<KeyValuePair<string, string?>> values) => new ConfigurationBuilder().AddInMemoryCollection(values).Build();
}
