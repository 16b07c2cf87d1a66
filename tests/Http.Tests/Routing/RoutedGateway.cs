using System.Text.Json.Nodes;
using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using Proofgate.Http.Tests.Faults;
using Proofgate.Http.Tests.Support;
using Proofgate.Support;

namespace Proofgate.Http.Tests.Routing;

/// <summary>
/// A gateway whose model <c>assistant</c> two providers serve over the wire: one outside, asked first, with a key, and one inside. Waits are short; the clock is the
/// real one, because the sockets' is.
/// </summary>
internal sealed class RoutedGateway : IAsyncDisposable
{
    internal const string OutsideKey = "key-of-the-provider-that-is-outside-0123456789";

    /// <summary>So that there is a prompt which one of the two may have and the other may not.</summary>
    private const string AddressesStayInside =
        """
        @id("addresses-stay-inside")
        @reason("Addresses go to no model outside.")
        forbid (principal, action == Proofgate::Action::"disclose", resource is Proofgate::Model)
        when { resource.external && context.kinds.contains(Proofgate::Kind::"EMAIL_ADDRESS") };
        """;

    private readonly TemporaryFolder _folder = new();

    private RoutedGateway()
    {
    }

    internal FaultyUpstream Outside { get; } = new();

    internal FaultyUpstream Inside { get; } = new();

    internal TestGateway Gateway { get; private set; } = null!;

    internal string Key { get; private set; } = string.Empty;

    /// <param name="insideFirst">Whether the inner provider is asked first.</param>
    /// <param name="settings">Settings of the gateway.</param>
    internal static Task<RoutedGateway> StartAsync(bool insideFirst = false, params (string Key, string? Value)[] settings) => StartAsync(insideFirst, null, settings);

    /// <summary>The outer provider takes tokens in place of a key.</summary>
    internal static Task<RoutedGateway> StartWithIdentityAsync(TokenCredential identity) => StartAsync(false, identity, []);

    private static async Task<RoutedGateway> StartAsync(bool insideFirst, TokenCredential? identity, (string Key, string? Value)[] settings)
    {
        var routed = new RoutedGateway();
        var sample = Path.Combine(RepositoryRoot.Path, "infra", "policy", "sample");
        foreach (var file in Directory.GetFiles(sample).Where(static f => Path.GetExtension(f) != ".json"))
        {
            File.Copy(file, Path.Combine(routed._folder.Path, Path.GetFileName(file)));
        }

        var bundle = (JsonObject)JsonNode.Parse(
            await File.ReadAllTextAsync(Path.Combine(sample, "bundle.json")), null, new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip })!;
        var targets = new[] { Target("openai"), Target("ollama") };
        bundle["models"]!["assistant"]!["targets"] = new JsonArray(insideFirst ? [targets[1], targets[0]] : [targets[0], targets[1]]);
        if (identity is not null)
        {
            bundle["upstreams"]!["openai"]!["authentication"] = "managed-identity";
        }

        await File.WriteAllTextAsync(Path.Combine(routed._folder.Path, "bundle.json"), bundle.ToJsonString());
        await File.WriteAllTextAsync(Path.Combine(routed._folder.Path, "inside.cedar"), AddressesStayInside);
        routed.Gateway = await TestGateway.StartOnWireAsync(
            services =>
            {
                if (identity is not null)
                {
                    services.AddSingleton(identity);
                }
            },
            [
                ("Proofgate:Policy:Folder", routed._folder.Path),
                ("Proofgate:Upstreams:openai:Endpoint", routed.Outside.Address.ToString()),
                ("Proofgate:Upstreams:openai:Secret", OutsideKey),
                ("Proofgate:Upstreams:openai:Hosts:0", "127.0.0.1"),
                ("Proofgate:Upstreams:ollama:Endpoint", routed.Inside.Address.ToString()),
                .. settings.Prepend(("Proofgate:Routing:RetryDelay", "00:00:00.01")).Reverse().DistinctBy(static s => s.Item1),
            ]);
        routed.Key = await routed.Gateway.DeveloperAsync();
        return routed;
    }

    internal Task<Answer> ChatAsync(string body = Samples.Chat) => Gateway.ChatAsync(Key, body);

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Outside.DisposeAsync();
        await Inside.DisposeAsync();
        _folder.Dispose();
    }

    private static JsonObject Target(string upstream) => new() { ["upstream"] = upstream, ["model"] = "m" };
}
