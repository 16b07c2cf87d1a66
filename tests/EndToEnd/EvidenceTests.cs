using System.Text.Json.Nodes;

namespace Proofgate.EndToEnd;

/// <summary>A copy of the evidence, verified offline by the command; and a witness.</summary>
public sealed class EvidenceTests
{
    [Fact]
    public async Task Copy_IsVerifiedOffline_AndChangesInItAreFound_AndAWitnessRefusesARewrite()
    {
        await using var gateway = await Gateway.StartAsync(settings: ("Proofgate__SelfHost__SampleModelDelay", "00:00:00"));
        string auditId;
        using (var answer = await Http.Client.SendAsync(Http.Chat(gateway, Http.Ask("hello"))))
        {
            auditId = answer.Headers.GetValues("Proofgate-Audit-Id").Single();
        }

        var receipt = await DocumentAsync(gateway, 0, "audit", "receipt", auditId, "--out", "r.tlog-proof", "--json");
        Assert.True((bool)receipt["verified"]!);
        var export = await DocumentAsync(gateway, 0, "audit", "export", "--out", "copy", "--json");
        var key = (string)export["logKey"]!;
        string[] verify = ["audit", "verify", "--evidence", "copy", "--log-key", key, "--json"];
        var sound = await DocumentAsync(gateway, 0, verify);
        Assert.True((long)sound["checkpoints"]! >= 2 && (long)sound["heartbeats"]! >= 1 && (long)sound["verification"]!["decisions"]! >= 1, sound.ToJsonString());

        // A witness sees it; a policy that asks for it is met, and by nobody without it.
        var cosigned = await DocumentAsync(gateway, 0, "audit", "witness", "--record", "witness", "--evidence", "copy", "--log-key", key, "--json");
        await File.WriteAllTextAsync(Path.Combine(gateway.Folder, "policy"), $"log {key}\nwitness W {cosigned["witnessKey"]}\nquorum W\n");
        Assert.True((long)(await DocumentAsync(gateway, 0, [.. verify, "--policy", "policy", "--witness", "witness"]))["witnessed"]! >= 2);
        await DocumentAsync(gateway, 17, [.. verify, "--policy", "policy"]);

        // The gateway goes on, a new copy too, and the old witness agrees with it.
        using (var more = await Http.Client.SendAsync(Http.Chat(gateway, Http.Ask("more"))))
        {
            await DocumentAsync(gateway, 0, "audit", "receipt", more.Headers.GetValues("Proofgate-Audit-Id").Single(), "--json");
        }

        await DocumentAsync(gateway, 0, "audit", "witness", "--record", "witness", "--json");
        await DocumentAsync(gateway, 0, "audit", "export", "--out", "copy", "--json");
        await DocumentAsync(gateway, 0, [.. verify, "--policy", "policy", "--witness", "witness"]);

        var log = Directory.EnumerateDirectories(Path.Combine(gateway.Folder, "copy")).First(static d => !d.EndsWith("-super", StringComparison.Ordinal));
        var checkpoints = Directory.EnumerateFiles(Path.Combine(log, "checkpoints")).OrderBy(static f => long.Parse(Path.GetFileName(f), System.Globalization.CultureInfo.InvariantCulture)).ToList();
        await ChangedAsync(gateway, checkpoints[^1], 13, verify);
        await ChangedAsync(gateway, Newest(log, "0"), 10, verify);
        await ChangedAsync(gateway, Newest(log, "entries"), 10, verify);
        await RemovedAsync(gateway, Newest(log, "0"), 11, verify);
        await RemovedAsync(gateway, Newest(log, "entries"), 11, verify);

        // The tail cut off, checkpoints and all: only what somebody else has seen shows it.
        var super = Directory.EnumerateDirectories(Path.Combine(gateway.Folder, "copy")).Single(static d => d.EndsWith("-super", StringComparison.Ordinal));
        Directory.Delete(super, recursive: true);
        await DocumentAsync(gateway, 14, [.. verify, "--policy", "policy", "--witness", "witness"]);
        var tail = await gateway.ProofgateAsync("audit", "tail", "--last", "5", "--json");
        Assert.Equal(0, tail.ExitCode);
        Assert.Contains("\"kind\":\"outcome\"", tail.Output, StringComparison.Ordinal);
    }

    /// <summary>What the gateway itself serves, while it serves calls; the table row by row meanwhile; and a tenant's own part.</summary>
    [Fact]
    public async Task Address_IsVerifiedAndCopied_WhileTheGatewayIsUsed_AndATenantGetsItsOwnPart()
    {
        await using var gateway = await Gateway.StartAsync(
            settings: [("Proofgate__SelfHost__SampleModelDelay", "00:00:00"), ("Proofgate__Audit__LedgerInsertion", "RowByRow")]);
        string auditId;
        using (var answer = await Http.Client.SendAsync(Http.Chat(gateway, Http.Ask("hello"))))
        {
            auditId = answer.Headers.GetValues("Proofgate-Audit-Id").Single();
        }

        await DocumentAsync(gateway, 0, "audit", "receipt", auditId, "--json");
        using var stop = new CancellationTokenSource();
        var calling = CallAsync(gateway, stop.Token);
        var address = gateway.Address.AbsoluteUri;
        for (var i = 0; i < 3; i++)
        {
            await DocumentAsync(gateway, 0, "audit", "verify", "--json");
            var served = await DocumentAsync(gateway, 0, "audit", "verify", "--evidence", address, "--json");
            Assert.True((long)served["checkpoints"]! >= 2 && (long)served["verification"]!["decisions"]! >= 1, served.ToJsonString());
        }

        await DocumentAsync(gateway, 0, "audit", "export", "--evidence", address, "--out", "copy", "--json");
        await DocumentAsync(gateway, 0, "audit", "verify", "--evidence", "copy", "--json");
        await DocumentAsync(gateway, 0, "audit", "export", "--evidence", address, "--tenant", "default", "--out", "ours", "--json");
        var ours = await DocumentAsync(gateway, 0, "audit", "verify", "--evidence", "ours", "--json");
        Assert.Equal("default", (string?)ours["tenant"]);
        Assert.True((long)ours["proved"]! >= 2, ours.ToJsonString());
        await DocumentAsync(gateway, 3, "audit", "export", "--evidence", address, "--tenant", "contoso", "--out", "theirs", "--json");
        await DocumentAsync(gateway, 3, "audit", "verify", "--evidence", address, "--key-file", Path.Combine(gateway.State, "sample-key"), "--json");
        await stop.CancelAsync();
        Assert.True(await calling > 3);
    }

    private static async Task<int> CallAsync(Gateway gateway, CancellationToken stop)
    {
        var calls = 0;
        for (; calls < 300 && !stop.IsCancellationRequested; calls++)
        {
            using var answer = await Http.Client.SendAsync(Http.Chat(gateway, Http.Ask("more")), CancellationToken.None);
        }

        return calls;
    }

    private static string Newest(string log, string folder) => Directory.EnumerateFiles(Path.Combine(log, "tile", folder, "000.p"))
        .OrderBy(static f => long.Parse(Path.GetFileName(f), System.Globalization.CultureInfo.InvariantCulture)).Last();

    private static async Task ChangedAsync(Gateway gateway, string file, int code, string[] verify)
    {
        var original = await File.ReadAllBytesAsync(file);
        var changed = original.ToArray();
        changed[^10] ^= 2;
        await File.WriteAllBytesAsync(file, changed);
        await DocumentAsync(gateway, code, verify);
        await File.WriteAllBytesAsync(file, original);
    }

    private static async Task RemovedAsync(Gateway gateway, string file, int code, string[] verify)
    {
        var original = await File.ReadAllBytesAsync(file);
        File.Delete(file);
        await DocumentAsync(gateway, code, verify);
        await File.WriteAllBytesAsync(file, original);
    }

    private static async Task<JsonNode> DocumentAsync(Gateway gateway, int code, params string[] args)
    {
        var result = await gateway.ProofgateAsync(args);
        Assert.True(result.ExitCode == code, $"{string.Join(' ', args)}: {result.ExitCode}\n{result.Output}\n{result.Error}");
        return JsonNode.Parse(result.Output)!;
    }
}
