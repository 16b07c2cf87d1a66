using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Proofgate.AzureStores;
using Proofgate.Http;

namespace Proofgate.Cli.Doctor;

/// <summary>A configuration, and what it names: spelling, hub, tables, vault, issuers, upstreams.</summary>
internal sealed class SettingsExamination(IConfiguration settings, TimeProvider time)
{
    private const string Hub = "Proofgate:EventHubs:Connection";
    private const int Amqps = 5671;
    private const int Amqp = 5672;

    private static readonly string[] OfTheHub = ["Proofgate:EventHubs"];

    internal async IAsyncEnumerable<Finding> LookAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var finding in OfSpelling())
        {
            yield return finding;
        }

        yield return await OfHubAsync(cancellationToken);
        await foreach (var finding in OfTablesAsync(cancellationToken))
        {
            yield return finding;
        }

        var vault = await OfVaultAsync(cancellationToken);
        yield return vault;
        if (vault.State == CheckState.Ok)
        {
            foreach (var finding in await OfSecretsAsync(cancellationToken))
            {
                yield return finding;
            }
        }

        foreach (var issuer in settings.GetSection("Proofgate:Issuers").GetChildren().Select(static i => i["Issuer"]).OfType<string>())
        {
            yield return await IssuerExamination.LookAsync(issuer, cancellationToken);
        }

        foreach (var (name, address) in Upstreams())
        {
            yield return await Reach.LookAsync($"upstream {name}", address.Host, address.Port, address.Scheme == Uri.UriSchemeHttps, time, cancellationToken);
        }
    }

    private IEnumerable<Finding> OfSpelling()
    {
        var unknown = SettingsGuard.UnknownKeys(settings, (StorageOptions.Section, typeof(StorageOptions)), (KeyVaultOptions.Section, typeof(KeyVaultOptions)))
            .Where(static sentence => !OfTheHub.Any(h => sentence.StartsWith(h + ":", StringComparison.OrdinalIgnoreCase))).ToList();
        return unknown.Count == 0
            ? [Finding.Ok("settings", "every key under Proofgate is known")]
            : unknown.Select(static sentence => Finding.Failed("settings", sentence, "correct or remove it: the app does not start with it"));
    }

    /// <summary>Without a package of Event Hubs: whether its namespace can be reached, and whether the settings say who is asking.</summary>
    private async Task<Finding> OfHubAsync(CancellationToken cancellationToken)
    {
        if (settings[$"{Hub}:fullyQualifiedNamespace"] is { } name)
        {
            return Uri.CheckHostName(name) == UriHostNameType.Dns
                ? await Reach.LookAsync("hub", name, Amqps, tls: true, time, cancellationToken)
                : Finding.Failed("hub", $"{Hub}:fullyQualifiedNamespace is no host name", "set it to a name such as name.servicebus.windows.net");
        }

        if (settings[Hub] is not { } text)
        {
            return Finding.Skipped("hub", "the settings name none: this is no function app's, or its stream is embedded");
        }

        var parts = new DbConnectionStringBuilder();
        try
        {
            parts.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            return Finding.Failed("hub", $"{Hub} is no connection string", "in a deployment set fullyQualifiedNamespace instead; locally, what `dotnet run --project infra/local` prints");
        }

        var emulated = parts.TryGetValue("UseDevelopmentEmulator", out var flag) && flag.ToString()!.Equals("true", StringComparison.OrdinalIgnoreCase);
        return parts.TryGetValue("Endpoint", out var endpoint) && Uri.TryCreate(endpoint.ToString(), UriKind.Absolute, out var address)
            ? await Reach.LookAsync("hub", address.Host, address.Port > 0 ? address.Port : emulated ? Amqp : Amqps, !emulated, time, cancellationToken)
            : Finding.Failed("hub", $"{Hub} names no endpoint", "copy the connection string again, whole");
    }

    private async IAsyncEnumerable<Finding> OfTablesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var storage = new StorageOptions();
        settings.GetSection(StorageOptions.Section).Bind(storage);
        if (storage is { ConnectionString: null, TableEndpoint: null })
        {
            yield return Finding.Failed("tables", "the settings name no storage", $"set {StorageOptions.Section}:TableEndpoint, or ConnectionString for Azurite");
            yield break;
        }

        foreach (var finding in await StorageFindings.LookAsync(storage, settings["Proofgate:Policy:Store"], keepsEvidence: true, time, cancellationToken))
        {
            yield return finding;
        }
    }

    private async Task<Finding> OfVaultAsync(CancellationToken cancellationToken)
    {
        if (settings["Proofgate:KeyVault:Uri"] is not { } text)
        {
            return Finding.Skipped("vault", "the settings name none: secrets come from the settings themselves");
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var vault) || vault.Scheme != Uri.UriSchemeHttps)
        {
            return Finding.Failed("vault", "Proofgate:KeyVault:Uri is no https address", "set it to an address such as https://name.vault.azure.net");
        }

        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Reach.Patience });
        var answer = await Probe.GetAsync(http.SendAsync, new Uri(vault, "secrets?api-version=7.4").ToString(), cancellationToken);
        return answer.Status switch
        {
            // Nothing is presented: a vault asks who we are, and that is all we want to know.
            401 => Finding.Ok("vault", $"{vault.Host} answers"),
            403 => Finding.Failed("vault", $"{vault.Host} does not let this network in", "ask from its network; the app needs its private endpoint, or public access for a trial"),
            0 => Finding.Failed("vault", $"{vault.Host} cannot be reached: {answer.Problem}", "check the name; with private endpoints, ask from their network"),
            _ => Finding.Warning("vault", $"{vault.Host} answers {answer.Status}, which a vault does not", "check Proofgate:KeyVault:Uri"),
        };
    }

    private Task<IReadOnlyList<Finding>> OfSecretsAsync(CancellationToken cancellationToken)
    {
        var vault = new KeyVaultOptions();
        settings.GetSection(KeyVaultOptions.Section).Bind(vault);
        return StorageFindings.LookAsync(vault, cancellationToken);
    }

    private IEnumerable<(string Name, Uri Address)> Upstreams() =>
        from upstream in settings.GetSection("Proofgate:Upstreams").GetChildren()
        let hosts = upstream.GetSection("Hosts").GetChildren().Select(static h => h.Value).OfType<string>()
        from text in upstream["Endpoint"] is { } endpoint ? [endpoint] : hosts.Select(static h => $"https://{h}/")
        let address = Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : null
        where address is not null
        select (upstream.Key, address);
}
