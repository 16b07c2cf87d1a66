using System.Text.Json.Nodes;
using Proofgate.Http.Tests.Support;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Http.Tests.Mcp;

/// <summary>The protocol's own conformance suite for servers, through a shim that adds the credential.</summary>
public sealed class McpConformanceTests(ITestOutputHelper output)
{
    private const string NoPrompts = "prompts are not served: nothing here has any";
    private const string NoContent = "only text is released: what cannot be inspected is withheld, and tools here cannot give it";
    private const string NoRequests = "a server without sessions asks the client for nothing and tells it nothing before the result";
    private const string NoStreams = "there are no streams to resume: each answer is whole";

    private static readonly string[] Passing =
    [
        "server-initialize", "ping", "tools-list", "tools-call-simple-text", "tools-call-error", "json-schema-2020-12", "resources-list", "resources-read-text", "dns-rebinding-protection",
    ];

    /// <summary>What is not passed, and why.</summary>
    private static readonly Dictionary<string, string> Others = new()
    {
        ["completion-complete"] = "nothing here can be completed",
        ["tools-call-image"] = NoContent,
        ["tools-call-audio"] = NoContent,
        ["tools-call-embedded-resource"] = NoContent,
        ["tools-call-mixed-content"] = NoContent,
        ["resources-read-binary"] = NoContent,
        ["tools-call-with-logging"] = NoRequests,
        ["tools-call-with-progress"] = NoRequests,
        ["tools-call-sampling"] = NoRequests,
        ["tools-call-elicitation"] = NoRequests,
        ["elicitation-sep1034-defaults"] = NoRequests,
        ["elicitation-sep1330-enums"] = NoRequests,
        ["server-sse-polling"] = NoStreams,
        ["server-sse-multiple-streams"] = NoStreams,
        ["resources-templates-read"] = "resources have addresses, and no templates of addresses",
        ["resources-subscribe"] = NoRequests,
        ["resources-unsubscribe"] = NoRequests,
        ["prompts-list"] = NoPrompts,
        ["prompts-get-simple"] = NoPrompts,
        ["prompts-get-with-args"] = NoPrompts,
        ["prompts-get-embedded-resource"] = NoPrompts,
        ["prompts-get-with-image"] = NoPrompts,
    };

    [Fact]
    public async Task Suite_PassesWhatIsServed_AndTheRestIsListedWithItsReason()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var shim = await Peers.StartAsync("mcp-shim.mjs", [gateway.Address.ToString(), await gateway.KeyAsync("analyst")]);
        var address = await shim.WaitForLineAsync("http://");
        using var results = new TemporaryFolder();
        var suite = Path.Combine(Peers.Folder, "node_modules", "@modelcontextprotocol", "conformance", "dist", "index.js");
        await using var run = ManagedProcess.Start("node", [suite, "server", "--url", $"{address}/mcp", "--suite", "all", "--output-dir", results.Path]);
        await run.WaitForExitAsync();

        var scenarios = Directory.GetDirectories(results.Path).Select(static d => (Name: NameOf(d), Passed: HasPassed(d))).OrderBy(static s => s.Name).ToList();
        Assert.True(scenarios.Count >= Passing.Length, string.Join('\n', run.Output.Concat(run.Errors)));
        foreach (var (name, passed) in scenarios)
        {
            output.WriteLine($"{(passed ? "passed" : "not served")}  {name}{(Others.TryGetValue(name, out var reason) && !passed ? $": {reason}" : string.Empty)}");
        }

        Assert.Equal(Passing.Order(), scenarios.Where(s => s.Passed && Passing.Contains(s.Name)).Select(static s => s.Name));
        Assert.Empty(scenarios.Where(s => !s.Passed && !Others.ContainsKey(s.Name)).Select(static s => s.Name));
    }

    private static string NameOf(string folder)
    {
        var name = Path.GetFileName(folder);
        var known = Passing.Concat(Others.Keys).Where(n => name.Contains(n, StringComparison.Ordinal)).MaxBy(static n => n.Length);
        return known ?? name;
    }

    private static bool HasPassed(string folder) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "checks.json")))!.AsArray() is { Count: > 0 } checks && checks.All(static c => (string?)c!["status"] is "SUCCESS" or "INFO" or "SKIPPED");
}
