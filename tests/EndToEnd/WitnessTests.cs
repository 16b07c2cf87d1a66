using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Support;

namespace Proofgate.EndToEnd;

/// <summary><c>proofgate audit witness --listen</c> as a process: what a gateway submits to it, and what others send.</summary>
public sealed class WitnessTests
{
    private const string Super = "localhost/audit/log/local-super";

    [Fact]
    public async Task Gateway_ServesWhatTheWitnessCosigned_InCheckpointsAndReceipts_AndGoesOnWithoutIt()
    {
        using var folder = new TemporaryFolder();
        var (logKey, secret) = await MakeLogKeyAsync(folder);
        await using var witness = await WitnessProcess.StartAsync(folder.Of("witness"), logKey);
        await using var gateway = await Gateway.StartAsync(
            null, folder.Path, [("Proofgate__SelfHost__SampleModelDelay", "00:00:00"), ("Proofgate__Secrets__LogKey", secret), .. witness.Settings]);
        var state = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(gateway.State, "state.json")))!;
        Assert.Equal(logKey, (string)state["logKey"]!);

        var auditId = await ChatAsync(gateway);
        var (status, receipt) = await ReceiptTests.ReceiptAsync(gateway, auditId, gateway.SampleKey);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True(VerifierKey.TryParse(witness.Key, out var key));
        var checkpoint = await CosignedAsync(gateway, Encoding.UTF8.GetString(receipt).Split("\n\n")[1].Split('\n')[0].Split('/')[^1], key);
        await CosignedAsync(gateway, "local-super", key);
        (_, receipt) = await ReceiptTests.ReceiptAsync(gateway, auditId, gateway.SampleKey);
        Assert.Contains(Encoding.UTF8.GetString(receipt).Split('\n'), line => line.StartsWith($"\u2014 {key.Name} ", StringComparison.Ordinal));
        await File.WriteAllBytesAsync(folder.Of("receipt"), receipt);
        await File.WriteAllBytesAsync(folder.Of("checkpoint"), checkpoint);
        Assert.True((bool)(await ReceiptTests.NodeAsync(logKey, folder.Of("receipt"), folder.Of("checkpoint")))["ok"]!);
        Assert.Contains("1 of 1 witnesses cosign", await ReadyAsync(gateway), StringComparison.Ordinal);

        // The copy carries the cosignatures, so a policy is met without the witness's own record.
        await File.WriteAllTextAsync(folder.Of("policy"), $"log {logKey}\nwitness W {witness.Key}\nquorum W\n");
        await DoneAsync(gateway, 0, "audit", "export", "--out", "copy");
        await DoneAsync(gateway, 0, "audit", "verify", "--evidence", "copy", "--log-key", logKey, "--policy", "policy");

        await witness.KillAsync();
        var later = await ChatAsync(gateway);
        Assert.Equal(HttpStatusCode.OK, (await ReceiptTests.ReceiptAsync(gateway, later, gateway.SampleKey)).Status);
        Assert.Contains("no connection", await ReadyAsync(gateway, "no connection"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Witness_CosignsWhatGoesOn_AndRefusesARewriteGarbageAndWhatIsTooLong_AcrossItsOwnEnd()
    {
        using var folder = new TemporaryFolder();
        var (logKey, secret) = await MakeLogKeyAsync(folder);
        Assert.True(Ed25519Signer.TryParse(secret, out var signer, out _));
        using var owned = signer;
        var leaves = Enumerable.Range(0, 3).Select(static i => MerkleHash.OfLeaf([(byte)i])).ToArray();
        var (one, other) = (MerkleProof.Root(leaves.AsSpan(..1)), MerkleHash.OfLeaf([9]));
        await using (var witness = await WitnessProcess.StartAsync(folder.Of("witness"), logKey))
        {
            Assert.True(VerifierKey.TryParse(witness.Key, out var key));
            Assert.Equal(400, (await PostAsync(witness, "garbage"u8.ToArray())).Status);
            Assert.Equal(400, (await PostAsync(witness, [])).Status);
            Assert.Equal(400, (await PostAsync(witness, [0xFF, 0xFE, (byte)'\n', (byte)'\n', 0])).Status);
            Assert.Equal(413, (await PostAsync(witness, new byte[Witness.MaxBytes + 1])).Status);
            Assert.Equal(404, (await PostAsync(witness, Witness.Request(0, [], await SignAsync(signer, "other.example/log/x-super", 1, one)))).Status);
            using (var stranger = Ed25519Signer.Generate())
            {
                Assert.Equal(403, (await PostAsync(witness, Witness.Request(0, [], await SignAsync(stranger, Super, 1, one)))).Status);
            }

            using (var get = await Http.Client.GetAsync(new Uri(witness.Address, "/add-checkpoint")))
            {
                Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
            }

            var newest = new Uri(witness.Address, $"/{Witness.HashOf(Super)}/checkpoint");
            using (var none = await Http.Client.GetAsync(newest))
            {
                Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
            }

            var signed = await SignAsync(signer, Super, 1, one);
            var (status, body) = await PostAsync(witness, Witness.Request(0, [], signed));
            Assert.Equal(200, status);
            Assert.True(SignedNote.TryParse([.. signed, .. body], out var note) && note.TryVerify([key], out _));
            Assert.Equal((await Http.Client.GetByteArrayAsync(newest)).Length, signed.Length + body.Length);

            // Another tree of the same size, one of three leaves that does not begin with it, and one that claims to be the first.
            Assert.Equal(422, (await PostAsync(witness, Witness.Request(1, [], await SignAsync(signer, Super, 1, other)))).Status);
            Assert.Equal(422, (await PostAsync(witness, Witness.Request(1, [leaves[1], leaves[2]], await SignAsync(signer, Super, 3, other)))).Status);
            Assert.Equal((409, "1\n"), await TextAsync(witness, Witness.Request(0, [], await SignAsync(signer, Super, 3, other))));
            await witness.KillAsync();
        }

        await using (var again = await WitnessProcess.StartAsync(folder.Of("witness"), logKey))
        {
            Assert.Equal((409, "1\n"), await TextAsync(again, Witness.Request(0, [], await SignAsync(signer, Super, 3, MerkleProof.Root(leaves)))));
            Assert.Equal(200, (await PostAsync(again, Witness.Request(1, [leaves[1], leaves[2]], await SignAsync(signer, Super, 3, MerkleProof.Root(leaves))))).Status);
        }
    }

    [Fact]
    public async Task LogKey_ChangesOnce_AndBothKeysArePinnedFromThenOn()
    {
        using var folder = new TemporaryFolder();
        (string, string)[] fast = [("Proofgate__SelfHost__SampleModelDelay", "00:00:00")];
        string old;
        await using (var first = await Gateway.StartAsync(null, folder.Path, fast))
        {
            old = (string)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(first.State, "state.json")))!["logKey"]!;
            await ReceiptTests.ReceiptAsync(first, await ChatAsync(first), first.SampleKey);
            await first.InterruptAsync();
        }

        var (logKey, secret) = await MakeLogKeyAsync(folder);
        for (var start = 0; start < 2; start++)
        {
            await using var gateway = await Gateway.StartAsync(null, folder.Path, [.. fast, ("Proofgate__Secrets__LogKey", secret)]);
            var receipt = await ReceiptTests.ReceiptAsync(gateway, await ChatAsync(gateway), gateway.SampleKey);
            await File.WriteAllBytesAsync(folder.Of("receipt"), receipt.Body);
            Assert.True((bool)(await ReceiptTests.NodeAsync(logKey, folder.Of("receipt")))["ok"]!);
            await DoneAsync(gateway, 0, "audit", "receipt", await ChatAsync(gateway));
            await DoneAsync(gateway, 0, "audit", "export", "--out", "copy");
            var verified = JsonNode.Parse(await DoneAsync(gateway, 0, "audit", "verify", "--evidence", "copy", "--json", "--log-key", logKey, old))!;
            Assert.Equal(1, (int)verified["keyChanges"]!);
            await DoneAsync(gateway, 0, "audit", "verify", "--evidence", "copy");
            Assert.Contains(logKey, await DoneAsync(gateway, 13, "audit", "verify", "--evidence", "copy", "--log-key", old), StringComparison.Ordinal);
            Assert.Contains(old, await DoneAsync(gateway, 13, "audit", "verify", "--evidence", "copy", "--log-key", logKey), StringComparison.Ordinal);
            await DoneAsync(gateway, 0, "audit", "witness", "--record", "both", "--evidence", "copy", "--log-key", logKey, old);
            await DoneAsync(gateway, 13, "audit", "witness", "--record", $"one{start}", "--evidence", "copy", "--log-key", old);
            await gateway.InterruptAsync();
        }
    }

    private static async Task<(string LogKey, string Secret)> MakeLogKeyAsync(TemporaryFolder folder)
    {
        var file = folder.Of($"{Guid.NewGuid():N}.key");
        var made = await Command.RunAsync(folder.Path, "audit", "log-key", "--origin", "localhost/audit/log", "--hub", "local", "--out", file, "--json");
        Assert.True(made.ExitCode == 0, made.Error);
        return ((string)JsonNode.Parse(made.Output)!["logKey"]!, (await File.ReadAllTextAsync(file)).Trim());
    }

    private static async Task<string> ChatAsync(Gateway gateway)
    {
        using var answer = await Http.Client.SendAsync(Http.Chat(gateway, Http.Ask("hello")));
        Assert.True(answer.IsSuccessStatusCode);
        return answer.Headers.GetValues("Proofgate-Audit-Id").Single();
    }

    private static async Task<byte[]> CosignedAsync(Gateway gateway, string log, VerifierKey key)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var bytes = await Http.Client.GetByteArrayAsync(new Uri(gateway.Address, $"/audit/log/{log}/checkpoint"), late.Token);
            if (SignedNote.TryParse(bytes, out var note) && note.TryVerify([key], out _))
            {
                return bytes;
            }

            // Polls another process: there is nothing to await.
            await Task.Delay(100, late.Token);
        }
    }

    private static async Task<string> ReadyAsync(Gateway gateway, string? until = null)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var answer = await Http.Client.GetAsync(new Uri(gateway.Address, "/readyz"), late.Token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var text = await answer.Content.ReadAsStringAsync(late.Token);
            if (until is null || text.Contains(until, StringComparison.Ordinal))
            {
                return text;
            }

            // Polls another process: there is nothing to await.
            await Task.Delay(100, late.Token);
        }
    }

    private static async Task<string> DoneAsync(Gateway gateway, int code, params string[] args)
    {
        var result = await gateway.ProofgateAsync(args);
        Assert.True(result.ExitCode == code, $"{string.Join(' ', args)}: {result.ExitCode}\n{result.Output}\n{result.Error}");
        return result.Output;
    }

    private static async Task<byte[]> SignAsync(Ed25519Signer signer, string origin, long size, MerkleHash root) =>
        (await signer.SignNoteAsync(origin, new Checkpoint(origin, size, root).ToText(), CancellationToken.None)).ToBytes();

    private static async Task<(int Status, string Body)> TextAsync(WitnessProcess witness, byte[] request)
    {
        var (status, body) = await PostAsync(witness, request);
        return (status, Encoding.UTF8.GetString(body));
    }

    private static async Task<(int Status, byte[] Body)> PostAsync(WitnessProcess witness, byte[] request)
    {
        using var content = new ByteArrayContent(request);
        using var answer = await Http.Client.PostAsync(new Uri(witness.Address, "/add-checkpoint"), content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync());
    }
}
