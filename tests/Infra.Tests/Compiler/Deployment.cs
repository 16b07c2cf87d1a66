using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Proofgate.Infra.Tests.Compiler;

/// <summary>
/// What the templates would make, every loop unrolled and every expression computed that can be before anything is there. A name that Azure would have to
/// answer first shows as an expression.
/// </summary>
internal sealed class Deployment
{
    internal const string Closed = "param publicAccess = false";
    internal const string Open = "param publicAccess = true";

    private const string Subscription = "00000000-0000-0000-0000-000000000001";
    private const string Group = $"/subscriptions/{Subscription}/resourceGroups/group/providers/";

    private static readonly Lazy<Task<Deployment>> OfClosed = new(static () => OfAsync(static _ => { }, Closed));
    private static readonly Lazy<Task<Deployment>> OfOpen = new(static () => OfAsync(static _ => { }, Open));

    private Deployment(string text)
    {
        Text = text;
        var root = JsonNode.Parse(text)!;
        var token = Regex.Match(text, "(?<=/pgkeys)[a-z2-7]{13}").Value;
        Resources = [.. root["predictedResources"]!.AsArray().Select(r => new Resource(Shorten(r!["id"]!.GetValue<string>(), token), r["type"]!.GetValue<string>(), r.AsObject()))];
        Outputs = root["outputs"]!.AsObject();
    }

    internal string Text { get; }

    internal IReadOnlyList<Resource> Resources { get; }

    internal JsonObject Outputs { get; }

    /// <summary>As it is by default: closed.</summary>
    internal static Task<Deployment> DefaultAsync() => OfClosed.Value;

    /// <summary>As it is for a first trial.</summary>
    internal static Task<Deployment> TrialAsync() => OfOpen.Value;

    /// <param name="change">Breaks something.</param>
    /// <param name="parameters">Further lines of the parameters' file.</param>
    internal static async Task<Deployment> OfAsync(Action<Templates> change, params string[] parameters)
    {
        using var templates = new Templates();
        change(templates);
        foreach (var file in Templates.Files.Where(static f => f.EndsWith(".bicep", StringComparison.Ordinal)).Select(templates.Of))
        {
            // What a cloud calls its services is known there and not here.
            var source = await File.ReadAllTextAsync(file);
            await File.WriteAllTextAsync(file, source
                .Replace("environment().suffixes.storage", "'core.windows.net'", StringComparison.Ordinal)
                .Replace("environment().suffixes.keyvaultDns", "'.vault.azure.net'", StringComparison.Ordinal));
        }

        await File.WriteAllTextAsync(templates.Of("test.bicepparam"), string.Join('\n',
        [
            "using 'main.bicep'", "param name = 'trial'", "param logOrigin = 'gateway.example.com/audit/log'",
            .. parameters.Any(static p => p.StartsWith("param policyKeys", StringComparison.Ordinal)) ? Array.Empty<string>() : [$"param policyKeys = {{ alice: '{SampleKeys.Author}' }}"],
            "param upstreams = [{ name: 'azure', hosts: ['models.openai.azure.com'], endpoint: 'https://models.openai.azure.com/openai/v1' }]",
            .. parameters,
        ]));
        var (exitCode, _, found) = await BicepCompiler.RunAsync(
            "snapshot", templates.Of("test.bicepparam"), "--mode", "overwrite", "--subscription-id", Subscription, "--resource-group", "group", "--location", "westeurope");
        Assert.True(exitCode == 0, found);
        return new Deployment(await File.ReadAllTextAsync(templates.Of("test.snapshot.json")));
    }

    internal IEnumerable<Resource> Of(string type) => Resources.Where(r => r.Type == type);

    internal Resource Single(string type, string name) => Assert.Single(Of(type), r => r.Name == name);

    /// <summary>Names end with what makes them unique; the tests name resources without it.</summary>
    private static string Shorten(string id, string token) => id
        .Replace(Group, "", StringComparison.Ordinal).Replace("-" + token, "", StringComparison.Ordinal).Replace(token, "", StringComparison.Ordinal);

    /// <param name="Name">Its id below the group, without what makes it unique.</param>
    /// <param name="Type">For example <c>Microsoft.Storage/storageAccounts</c>.</param>
    /// <param name="Json">All of it.</param>
    internal sealed record Resource(string Name, string Type, JsonObject Json)
    {
        internal JsonNode? this[string path] => path.Split('.').Aggregate((JsonNode?)Json, static (node, part) => node is JsonObject o && o.TryGetPropertyValue(part, out var next) ? next : null);

        internal string? Text(string path) => this[path]?.ToJsonString(Plain).Trim('"');

        private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    }
}
