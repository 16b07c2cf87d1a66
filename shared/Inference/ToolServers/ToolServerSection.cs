using System.Text.Json;
using Microsoft.Extensions.Options;
using Proofgate.Enforcement.Tools;
using Proofgate.Inference.Models;
using Proofgate.Policy;

namespace Proofgate.Inference.ToolServers;

/// <summary>Reads <c>tools</c> of <c>bundle.json</c>, the registered servers of tools, and joins it with this deployment's settings.</summary>
internal sealed class ToolServerSection(IOptionsMonitor<ToolServersOptions> settings) : IBundleSection
{
    private const int MaxTools = 256;
    private const int DigestLength = 64;

    /// <summary>Names of sources that are built in.</summary>
    private static readonly string[] Reserved = ["datasets", "proofgate"];

    private static readonly string[] Members = ["endpoint", "authentication", "label", "external", "timeoutSeconds", "allow"];

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    public object Read(BundleReader bundle)
    {
        var servers = new Dictionary<string, ToolServer>(StringComparer.Ordinal);
        foreach (var (name, node) in bundle.Members("tools"))
        {
            var path = $"tools.{name}";
            if (!ToolName.IsValidSource(name) || Reserved.Contains(name, StringComparer.Ordinal))
            {
                bundle.Problem(path, "must be called by 1 to 32 small letters, digits and hyphens, and not 'datasets' or 'proofgate'.");
                continue;
            }

            foreach (var member in node.EnumerateObject().Where(static m => !Members.Contains(m.Name, StringComparer.Ordinal)))
            {
                bundle.Problem($"{path}.{member.Name}", "is not known here. Check its spelling.");
            }

            servers.Add(name, ReadServer(bundle, path, name, node));
        }

        return new ToolServerCatalog(servers);
    }

    private ToolServer ReadServer(BundleReader bundle, string path, string name, JsonElement node)
    {
        var setting = settings.CurrentValue.TryGetValue(name, out var found) ? found : new ToolServerSettings();
        var authentication = bundle.Choice(node, path, "authentication", ToolServerAuthentication.Bearer);
        var address = ReadAddress(bundle, path, name, node, setting);
        return new ToolServer
        {
            Name = name,
            Address = authentication == ToolServerAuthentication.None || setting.Secret is not null ? address : null,
            Authentication = authentication,
            Secret = authentication != ToolServerAuthentication.None && setting.Secret is not null && address is not null ? SecretOf(name, address.IdnHost) : null,
            Timeout = ReadTimeout(bundle, path, node),
            Tools = ReadTools(bundle, path, name, node),
        };
    }

    private static Dictionary<string, PinnedTool> ReadTools(BundleReader bundle, string path, string server, JsonElement node)
    {
        var label = bundle.Label(node, $"{path}.label", "label");
        var external = bundle.Flag(node, path, "external");
        var tools = new Dictionary<string, PinnedTool>(StringComparer.Ordinal);
        if (!node.TryGetProperty("allow", out var list) || list.ValueKind != JsonValueKind.Object || list.GetPropertyCount() is 0 or > MaxTools)
        {
            bundle.Problem($"{path}.allow", $"must be an object with 1 to {MaxTools} tools, each with its digest.");
            return tools;
        }

        foreach (var member in list.EnumerateObject())
        {
            var place = $"{path}.allow.{member.Name}";
            if (member.Value.ValueKind != JsonValueKind.Object || member.Value.EnumerateObject().Any(static m => m.Name is not ("digest" or "label")))
            {
                bundle.Problem(place, "must be an object with 'digest', and perhaps 'label'.");
                continue;
            }

            var digest = bundle.Text(member.Value, place, "digest");
            if (digest.Length != DigestLength || !digest.All(char.IsAsciiHexDigitLower))
            {
                bundle.Problem($"{place}.digest", "must be 64 lower-case hex digits. Where they are not the tool's, the gateway's log says which are.");
            }

            var tool = new PinnedTool(
                server, member.Name, digest, member.Value.TryGetProperty("label", out _) ? bundle.Label(member.Value, $"{place}.label", "label") : label, external);
            if (!ToolName.IsValid(tool.PublicName) || tools.Values.Any(t => t.PublicName == tool.PublicName))
            {
                bundle.Problem(place, $"would be '{tool.PublicName}' here: that must be at most {ToolName.MaxLength} letters, digits, hyphens and underscores, and no other tool's name.");
            }

            tools.Add(member.Name, tool);
        }

        return tools;
    }

    private static TimeSpan ReadTimeout(BundleReader bundle, string path, JsonElement node)
    {
        if (!node.TryGetProperty("timeoutSeconds", out var value))
        {
            return DefaultTimeout;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var seconds) && seconds is >= 1 and <= 220)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        bundle.Problem($"{path}.timeoutSeconds", "must be a whole number from 1 to 220.");
        return DefaultTimeout;
    }

    /// <summary>A bundle alone sends nothing anywhere: the app's settings list the hosts.</summary>
    /// <summary>As the settings have it when it is sent: a rotated one needs no new bundle.</summary>
    private UpstreamSecret SecretOf(string name, string host) =>
        new(() => settings.CurrentValue.TryGetValue(name, out var now) && now.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase) ? now.Secret : null);

    private static Uri? ReadAddress(BundleReader bundle, string path, string name, JsonElement node, ToolServerSettings setting)
    {
        var text = setting.Endpoint ?? (node.TryGetProperty("endpoint", out _) ? bundle.Text(node, path, "endpoint") : null);
        if (text is null)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            || address.UserInfo.Length > 0 || address.Fragment.Length > 0)
        {
            bundle.Problem(
                $"{path}.endpoint", $"must be an https address (http on loopback only) without user and fragment; it comes from "
                + (setting.Endpoint is null ? "the bundle." : $"{ToolServersOptions.Section}:{name}:Endpoint."));
            return null;
        }

        if (setting.Hosts.Count == 0 || setting.Hosts.Contains(address.IdnHost, StringComparer.OrdinalIgnoreCase))
        {
            return setting.Hosts.Count == 0 ? null : address;
        }

        bundle.Problem($"{path}.endpoint", $"has the host '{address.IdnHost}', which {ToolServersOptions.Section}:{name}:Hosts does not list: nothing may be sent there.");
        return null;
    }
}
