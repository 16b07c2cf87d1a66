using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Proofgate.Support;

namespace Proofgate.EndToEnd;

/// <summary>Checkpoints and receipts of a running gateway, verified by a program that shares no code with it.</summary>
public sealed class ReceiptTests
{
    [Fact]
    public async Task Receipt_AndCheckpoint_Verify_ByAStrangersProgram_AndAreTheCallersOwn()
    {
        await using var gateway = await Gateway.StartAsync(settings: ("Proofgate__SelfHost__SampleModelDelay", "00:00:00"));
        string auditId;
        using (var answer = await Http.Client.SendAsync(Http.Chat(gateway, Http.Ask("hello"))))
        {
            Assert.True(answer.IsSuccessStatusCode);
            auditId = answer.Headers.GetValues("Proofgate-Audit-Id").Single();
        }

        var (status, receipt) = await ReceiptAsync(gateway, auditId, gateway.SampleKey);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(HttpStatusCode.OK, (await ReceiptAsync(gateway, auditId, gateway.AdminKey)).Status);
        var (other, _) = await ReceiptAsync(gateway, await AdminCallAsync(gateway), gateway.SampleKey);
        Assert.Equal(HttpStatusCode.NotFound, other);

        var state = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(gateway.State, "state.json")))!;
        var key = (string)state["logKey"]!;
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder.Of("receipt"), receipt);
        var log = System.Text.Encoding.UTF8.GetString(receipt).Split("\n\n")[1].Split('\n')[0].Split('/')[^1];
        using (var newest = await Http.Client.GetAsync(new Uri(gateway.Address, $"/audit/log/{log}/checkpoint")))
        {
            Assert.Equal("public, max-age=1", newest.Headers.CacheControl!.ToString());
            Assert.Equal("text/plain; charset=utf-8", newest.Content.Headers.ContentType!.ToString());
            await File.WriteAllBytesAsync(folder.Of("checkpoint"), await newest.Content.ReadAsByteArrayAsync());
        }

        var verified = await NodeAsync(key, folder.Of("receipt"), folder.Of("checkpoint"));
        Assert.True((bool)verified["ok"]!, verified.ToJsonString());
        Assert.Equal(auditId, (string)verified["event"]!);

        // One other byte anywhere that matters, and the stranger says no.
        var forged = receipt.ToArray();
        forged[System.Text.Encoding.UTF8.GetString(receipt).IndexOf("extra ", StringComparison.Ordinal) + 20] ^= 1;
        await File.WriteAllBytesAsync(folder.Of("forged"), forged);
        Assert.False((bool)(await NodeAsync(key, folder.Of("forged")))["ok"]!);
        await TilesAreServedAsync(gateway, log, (int)verified["size"]!);
    }

    private static async Task TilesAreServedAsync(Gateway gateway, string log, int size)
    {
        var tile = new Uri(gateway.Address, $"/audit/log/{log}/tile/0/000.p/{size}");
        using var first = await Http.Client.GetAsync(tile);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(32 * size, (await first.Content.ReadAsByteArrayAsync()).Length);
        Assert.Contains("immutable", first.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        using var again = new HttpRequestMessage(HttpMethod.Get, tile);
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var cached = await Http.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, cached.StatusCode);

        var bundle = new Uri(gateway.Address, $"/audit/log/{log}/tile/entries/000.p/{size}");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(bundle, null));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(bundle, gateway.SampleKey));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(bundle, gateway.AdminKey));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(new Uri(gateway.Address, $"/audit/log/{log}/tile/0/999"), null));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(new Uri(gateway.Address, "/audit/log/..%2f..%2fsecrets.json/checkpoint"), null));
    }

    private static async Task<HttpStatusCode> StatusAsync(Uri address, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        using var answer = await Http.Client.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>Asks until a checkpoint covers it, as long as the gateway says that it may come.</summary>
    internal static async Task<(HttpStatusCode Status, byte[] Body)> ReceiptAsync(Gateway gateway, string auditId, string key)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, $"/audit/receipts/{auditId}"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var answer = await Http.Client.SendAsync(request, late.Token);
            if (answer.StatusCode != HttpStatusCode.Accepted)
            {
                return (answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(late.Token));
            }

            Assert.Equal("2", answer.Headers.RetryAfter!.ToString());
            // Polls another process: there is nothing to await.
            await Task.Delay(200, late.Token);
        }
    }

    private static async Task<string> AdminCallAsync(Gateway gateway)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/manage/keys"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", gateway.AdminKey);
        using var answer = await Http.Client.SendAsync(request);
        return answer.Headers.GetValues("Proofgate-Audit-Id").Single();
    }

    internal static async Task<JsonNode> NodeAsync(params string[] args)
    {
        await using var node = ManagedProcess.Start("node", [RepositoryRoot.Of("tests", "peers", "tlog-verify.mjs"), .. args]);
        node.Input.Close();
        await node.WaitForExitAsync();
        return JsonNode.Parse(string.Join('\n', node.Output))!;
    }
}
