using System.Diagnostics;
using System.Text.Json.Nodes;
using Proofgate.Support;

namespace Proofgate.EndToEnd;

/// <summary>Signed policy from a store, on two running instances; and what people see of decisions while they are made.</summary>
public sealed class PolicyTests(Fixture fixture) : IClassFixture<Fixture>
{
    /// <summary>The promise is five seconds; a machine that runs every test at once may be late.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task SignedBundle_DecidesOnEveryInstance_AndSoDoesTheRollback_WhileCallsRun()
    {
        var (alice, host) = (await KeygenAsync("alice"), await KeygenAsync("manage"));
        (string, string)[] settings =
        [
            ("Proofgate__Policy__Store", "policies"),
            // No bundle decides while a new one takes longer than this to load, which it can where every test runs at once.
            ("Proofgate__Policy__MaxAge", "00:00:20"),
            ("Proofgate__Policy__TrustedKeys__alice", alice.PublicKey),
            ("Proofgate__Policy__HostKeys__manage", host.PublicKey),
            ("Proofgate__Secrets__PolicySigningKey", await File.ReadAllTextAsync(host.File)),
        ];
        await using var first = await Gateway.StartBesideAsync(fixture.Gateway, "policy-one", null, [.. settings, ("Proofgate__SelfHost__SampleModelDelay", "00:00:00")]);
        await using var second = await Gateway.StartBesideAsync(fixture.Gateway, "policy-two", null, [.. settings, ("Proofgate__SelfHost__SampleModelDelay", "00:00:00")]);
        // Until somebody activates a bundle there is no model.
        Assert.Equal((404, 404), (await AskAsync(first), await AskAsync(second)));

        var open = Copy("open", null);
        var activated = await DoneAsync(first, "policy", "activate", open, "--sign", alice.File, "--json");
        await UntilAsync(first, second, 200);

        var closed = Copy("closed", "@id(\"nobody\") @reason(\"Closed.\") forbid (principal, action == Proofgate::Action::\"infer\", resource);\n");
        await DoneAsync(second, "policy", "activate", closed, "--sign", alice.File, "--json");
        await UntilAsync(first, second, 403);

        await DoneAsync(first, "policy", "rollback", "--json");
        await UntilAsync(first, second, 200);
        var status = JsonNode.Parse((await second.ProofgateAsync("policy", "status", "--json")).Output)!;
        Assert.Equal(((string?)JsonNode.Parse(activated.Output)!["digest"], 3, "rolled_back"), (
            (string?)status["digest"], (int?)status["activation"]!["sequence"], (string?)status["activation"]!["act"]));
    }

    [Fact]
    public async Task Decision_IsSeenByWhoWatches_WithinASecondOfItsCall()
    {
        await using var watch = ManagedProcess.StartAssembly(
            Path.Combine(AppContext.BaseDirectory, "proofgate.dll"), ["watch", "--for", "5m", "--json"],
            new Dictionary<string, string?> { ["PROOFGATE_GATEWAY"] = null, ["PROOFGATE_KEY"] = null }, fixture.Gateway.Folder);
        await WaitForErrorAsync(watch, "Watching");
        using var refused = await Http.Client.SendAsync(Http.Chat(fixture.Gateway, Http.Ask("canary-in-a-prompt", model: "board-assistant")));
        var answered = Stopwatch.StartNew();
        var line = await watch.WaitForLineAsync(refused.Headers.GetValues("Proofgate-Audit-Id").Single());

        // The promise is one second; a machine that runs every test at once may be late.
        Assert.InRange(answered.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Contains("board-assistant-is-for-the-board", line, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", line, StringComparison.Ordinal);
    }

    private static async Task WaitForErrorAsync(ManagedProcess process, string text)
    {
        for (var waited = Stopwatch.StartNew(); !process.Errors.Any(e => e.Contains(text, StringComparison.Ordinal));)
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(30), string.Join('\n', process.Errors));
            // Another process writes: there is nothing to await.
            await Task.Delay(20);
        }
    }

    private static async Task UntilAsync(Gateway first, Gateway second, int status)
    {
        var since = Stopwatch.StartNew();
        foreach (var gateway in new[] { first, second })
        {
            while (await AskAsync(gateway) != status)
            {
                Assert.True(since.Elapsed < Late, $"{gateway.Address} does not answer {status} after {since.Elapsed}.");
            }
        }
    }

    private static async Task<CommandResult> DoneAsync(Gateway gateway, params string[] arguments)
    {
        var result = await gateway.ProofgateAsync(arguments);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return result;
    }

    private static async Task<int> AskAsync(Gateway gateway)
    {
        using var answer = await Http.Client.SendAsync(Http.Chat(gateway, Http.Ask("x")));
        return (int)answer.StatusCode;
    }

    private async Task<(string File, string PublicKey)> KeygenAsync(string name)
    {
        var file = Path.Combine(fixture.Gateway.Folder, $"{name}.policy-key");
        var made = await fixture.Gateway.ProofgateAsync("policy", "keygen", name, "--out", file, "--json");
        Assert.True(made.ExitCode == 0, made.Error);
        return (file, (string)JsonNode.Parse(made.Output)!["publicKey"]!);
    }

    /// <summary>The sample, with another policy in it and without the tests that would refuse that.</summary>
    private string Copy(string name, string? policy)
    {
        var folder = Directory.CreateDirectory(Path.Combine(fixture.Gateway.Folder, name)).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Local.Repository.FindRoot(), "infra", "policy", "sample")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        if (policy is not null)
        {
            File.WriteAllText(Path.Combine(folder, "more.cedar"), policy);
        }

        return folder;
    }
}
