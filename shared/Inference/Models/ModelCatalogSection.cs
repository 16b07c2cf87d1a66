using System.Text.Json;
using Proofgate.Inference.Upstreams;
using Proofgate.Policy;

namespace Proofgate.Inference.Models;

/// <summary>Reads <c>models</c> and <c>upstreams</c> of <c>bundle.json</c> and joins them with this deployment's settings.</summary>
internal sealed class ModelCatalogSection(UpstreamSecrets secrets) : IBundleSection
{
    public object Read(BundleReader bundle)
    {
        var upstreams = new Dictionary<string, UpstreamEntry>(StringComparer.Ordinal);
        foreach (var (name, node) in bundle.Members("upstreams"))
        {
            if (ReadUpstream(bundle, name, node) is { } upstream)
            {
                upstreams.Add(name, upstream);
            }
        }

        var models = new Dictionary<string, ModelEntry>(StringComparer.Ordinal);
        foreach (var (name, node) in bundle.Members("models"))
        {
            models.Add(name, new ModelEntry
            {
                Name = name,
                MaxLabel = bundle.Label(node, $"models.{name}.maxLabel", "maxLabel"),
                Price = ReadPrice(bundle, $"models.{name}.price", node),
                Targets = ReadTargets(bundle, name, node, upstreams),
            });
        }

        return new ModelCatalog(models);
    }

    private static ModelPrice? ReadPrice(BundleReader bundle, string path, JsonElement model)
    {
        if (!model.TryGetProperty("price", out var node))
        {
            return null;
        }

        if (node.ValueKind == JsonValueKind.Object && node.GetPropertyCount() == 2
            && node.TryGetProperty("inputPerMillion", out var input) && node.TryGetProperty("outputPerMillion", out var output)
            && Amount(input) is { } prompt && Amount(output) is { } answer)
        {
            return new ModelPrice(prompt, answer);
        }

        bundle.Problem(path, $"must be {{\"inputPerMillion\", \"outputPerMillion\"}}: amounts of 0 to {ModelPrice.Max} for a million tokens.");
        return null;
    }

    private static decimal? Amount(JsonElement node) =>
        node.ValueKind == JsonValueKind.Number && node.TryGetDecimal(out var amount) && amount is >= 0 and <= ModelPrice.Max ? amount : null;

    private static List<ModelTarget> ReadTargets(
        BundleReader bundle, string model, JsonElement node, Dictionary<string, UpstreamEntry> upstreams)
    {
        var targets = new List<ModelTarget>();
        if (!node.TryGetProperty("targets", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            bundle.Problem($"models.{model}.targets", "must be a list with at least one {\"upstream\", \"model\"}.");
            return targets;
        }

        foreach (var (target, i) in list.EnumerateArray().Select((t, i) => (t, i)))
        {
            var path = $"models.{model}.targets[{i}]";
            var upstream = bundle.Text(target, path, "upstream");
            var name = bundle.Text(target, path, "model");
            if (upstreams.TryGetValue(upstream, out var entry))
            {
                targets.Add(new ModelTarget(entry, name)
                {
                    Priority = ReadShare(bundle, path, target, "priority") ?? i + 1,
                    Weight = ReadShare(bundle, path, target, "weight") ?? 1,
                });
            }
            else
            {
                bundle.Problem($"{path}.upstream", $"names '{upstream}', which is not among the bundle's upstreams.");
            }
        }

        CheckShares(bundle, model, list, targets);
        return targets;
    }

    private static int? ReadShare(BundleReader bundle, string path, JsonElement target, string member)
    {
        if (target.ValueKind != JsonValueKind.Object || !target.TryGetProperty(member, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number is >= 1 and <= ModelTarget.Max)
        {
            return number;
        }

        bundle.Problem($"{path}.{member}", $"must be a whole number of 1 to {ModelTarget.Max}.");
        return null;
    }

    /// <summary>A weight that shares with nobody, and a list of which only a part is ranked, would not do what their author meant.</summary>
    private static void CheckShares(BundleReader bundle, string model, JsonElement list, List<ModelTarget> targets)
    {
        if (targets.Count != list.GetArrayLength())
        {
            return;
        }

        var ranked = list.EnumerateArray().Count(static t => t.TryGetProperty("priority", out _));
        if (ranked > 0 && ranked < targets.Count)
        {
            bundle.Problem($"models.{model}.targets", "must either all name a 'priority' or none: without it each comes after the one before it in the list.");
            return;
        }

        foreach (var (target, i) in list.EnumerateArray().Select(static (t, i) => (t, i)))
        {
            if (target.TryGetProperty("weight", out _) && targets.Count(t => t.Priority == targets[i].Priority) == 1)
            {
                bundle.Problem($"models.{model}.targets[{i}].weight", "shares with no other target: give those that are to share calls the same 'priority'.");
            }
        }
    }

    private UpstreamEntry? ReadUpstream(BundleReader bundle, string name, JsonElement node)
    {
        var path = $"upstreams.{name}";
        if (ReadProtocol(bundle, path, node) is not { } protocol)
        {
            return null;
        }

        var setting = secrets.SettingsOf(name);
        var authentication = bundle.Choice(node, path, "authentication", AuthenticationOf(protocol));
        var address = ReadAddress(bundle, path, name, node, setting);
        if (authentication == UpstreamAuthentication.ManagedIdentity && protocol == UpstreamProtocol.Anthropic)
        {
            bundle.Problem($"{path}.authentication", "cannot be managed-identity: Anthropic takes no token of Azure's.");
        }

        if (authentication != UpstreamAuthentication.None)
        {
            address = Bound(bundle, path, name, address, setting, authentication);
        }

        return new UpstreamEntry
        {
            Name = name,
            Provider = bundle.Text(node, path, "provider"),
            Region = bundle.Text(node, path, "region"),
            External = bundle.Flag(node, path, "external"),
            Protocol = protocol,
            ApiVersion = protocol == UpstreamProtocol.AzureOpenAi ? ReadVersion(bundle, path, node) : null,
            Authentication = authentication,
            Address = address,
            Secret = address is null || authentication is UpstreamAuthentication.None or UpstreamAuthentication.ManagedIdentity ? null : secrets.Of(name, address),
            Scope = authentication == UpstreamAuthentication.ManagedIdentity ? setting.Scope : null,
        };
    }

    private static UpstreamProtocol? ReadProtocol(BundleReader bundle, string path, JsonElement node)
    {
        switch (bundle.Text(node, path, "protocol"))
        {
            case "openai":
                return UpstreamProtocol.OpenAi;
            case "azure-openai":
                return UpstreamProtocol.AzureOpenAi;
            case "anthropic":
                return UpstreamProtocol.Anthropic;
            default:
                bundle.Problem($"{path}.protocol", "must be 'openai', 'azure-openai' or 'anthropic'.");
                return null;
        }
    }

    private static UpstreamAuthentication AuthenticationOf(UpstreamProtocol protocol) => protocol switch
    {
        UpstreamProtocol.AzureOpenAi => UpstreamAuthentication.ApiKey,
        UpstreamProtocol.Anthropic => UpstreamAuthentication.XApiKey,
        _ => UpstreamAuthentication.Bearer,
    };

    /// <summary>It goes into an address: a date, or a word.</summary>
    private static string ReadVersion(BundleReader bundle, string path, JsonElement node)
    {
        var version = bundle.Text(node, path, "apiVersion");
        if (version.Length > 32 || version.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not '-'))
        {
            bundle.Problem($"{path}.apiVersion", "must be a version of Azure OpenAI's API, such as '2024-10-21'.");
        }

        return version;
    }

    private static Uri? ReadAddress(BundleReader bundle, string path, string name, JsonElement node, UpstreamSettings setting)
    {
        var text = setting.Endpoint ?? (node.TryGetProperty("endpoint", out _) ? bundle.Text(node, path, "endpoint") : null);
        if (text is null)
        {
            return null;
        }

        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            || address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            bundle.Problem(
                $"{path}.endpoint", $"must be an https address (http on loopback only) without user, query or fragment; it comes from "
                + (setting.Endpoint is null ? "the bundle." : $"Proofgate:Upstreams:{name}:Endpoint."));
            return null;
        }

        return address;
    }

    /// <summary>A credential goes only to the hosts that the app settings bind it to: a bundle alone cannot send it elsewhere.</summary>
    private Uri? Bound(BundleReader bundle, string path, string name, Uri? address, UpstreamSettings setting, UpstreamAuthentication authentication)
    {
        var identity = authentication == UpstreamAuthentication.ManagedIdentity;
        if (address is null || (identity ? setting.Hosts.Count == 0 || !secrets.HasIdentity : secrets.ValueOf(name) is null))
        {
            return null;
        }

        if (setting.Binds(address))
        {
            return address;
        }

        bundle.Problem(
            $"{path}.endpoint", $"has the host '{address.IdnHost}', which Proofgate:Upstreams:{name}:Hosts does not list: its {(identity ? "token" : "secret")} may not go there.");
        return null;
    }
}
