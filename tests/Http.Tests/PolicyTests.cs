using System.Text.Json.Nodes;
using Proofgate.Audit.Events;
using Proofgate.Http.Tests.Support;
using Proofgate.Policy.Bundles;
using Proofgate.Policy.Signing;
using Proofgate.Policy.Testing;
using Proofgate.Support;

namespace Proofgate.Http.Tests;

/// <summary>Policy through the front desk: signed, activated, rolled back, recorded.</summary>
public sealed class PolicyTests : IDisposable
{
    private readonly PolicySigningKey _alice = PolicySigningKey.Create("alice");
    private readonly PolicySigningKey _bob = PolicySigningKey.Create("bob");
    private readonly PolicySigningKey _host = PolicySigningKey.Create("manage");

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task Folder_IsThePolicy_AndNothingIsActivated()
    {
        await using var gateway = await TestGateway.StartAsync();
        var admin = await gateway.AdministratorAsync();
        var shown = await gateway.GetAsync("/manage/policy", admin);
        Assert.Equal((200, "folder", (string?)shown.Json["serving"]), (shown.Status, (string?)shown.Json["source"], (string?)shown.Json["digest"]));
        Assert.Equal($"\"{(string?)shown.Json["digest"]}\"", shown["ETag"]);

        var (signed, digest) = await SignAsync(null);
        Assert.Equal((409, "policy_in_folder"), Of(await PostAsync(gateway, "/manage/policy", signed, admin, "none")));
        Assert.Equal((409, "policy_in_folder"), Of(await gateway.PostAsync("/manage/policy/rollback", "{}", admin)));
        var check = await PostAsync(gateway, "/manage/policy/check", signed, admin, null);
        Assert.Equal((200, true, digest), (check.Status, (bool?)check.Json["sound"], (string?)check.Json["digest"]));
    }

    [Fact]
    public async Task Bundle_IsActivated_AndGoneBackFrom_AndEachIsRecordedBeforeItDecides()
    {
        await using var gateway = await StartAsync();
        var (admin, developer) = (await gateway.AdministratorAsync(), await gateway.DeveloperAsync());
        var none = await gateway.GetAsync("/manage/policy", admin);
        Assert.Equal((200, "\"none\"", (string?)null), (none.Status, none["ETag"], (string?)none.Json["digest"]));
        Assert.Equal(404, (await gateway.ChatAsync(developer)).Status);
        Assert.Contains("only administration", (await gateway.GetAsync("/readyz")).Body, StringComparison.Ordinal);

        var (first, one) = await SignAsync(null);
        var done = await PostAsync(gateway, "/manage/policy", first, admin, "none");
        Assert.True(done.Status == 200, done.Body);
        Assert.Equal((200, one, 1, "alice", "manage", "activated"), (
            done.Status, (string?)done.Json["digest"], (int?)done.Json["sequence"], (string?)done.Json["author"], (string?)done.Json["by"], (string?)done.Json["act"]));
        Assert.Equal(200, (await gateway.ChatAsync(developer)).Status);
        Assert.Equal(one, gateway.Stream.Of<DecisionEvent>()[^1].Decision.PolicyDigest);
        Assert.Equal(200, (await gateway.GetAsync("/readyz")).Status);

        // A second version takes the developers' permission away.
        var (second, two) = await SignAsync(one, files => files["inference.cedar"] = "@id(\"closed\") forbid (principal, action == Proofgate::Action::\"infer\", resource);"u8.ToArray());
        Assert.Equal(200, (await PostAsync(gateway, "/manage/policy", second, admin, one)).Status);
        Assert.Equal(403, (await gateway.ChatAsync(developer)).Status);

        var back = await RollBackAsync(gateway, "{}", admin, two);
        Assert.Equal((200, one, two, 3, "rolled_back"), (
            back.Status, (string?)back.Json["digest"], (string?)back.Json["previous"], (int?)back.Json["sequence"], (string?)back.Json["act"]));
        Assert.Equal(200, (await gateway.ChatAsync(developer)).Status);

        Assert.Equal(
            [("activated", one), ("activated", two), ("rolled_back", one)],
            gateway.Stream.Of<PolicyEvent>().Skip(1).Select(static e => (e.Act, e.Digest)));
        Assert.Equal([one, two], gateway.Stream.Of<PolicyEvent>().Skip(2).Select(static e => e.PreviousDigest));
        var events = gateway.Stream.Events.ToList();
        foreach (var activated in gateway.Stream.Of<PolicyEvent>().DistinctBy(static e => e.Digest))
        {
            Assert.True(events.IndexOf(activated) < events.FindIndex(e => e is DecisionEvent d && d.Decision.PolicyDigest == activated.Digest));
        }
    }

    [Fact]
    public async Task TwoAdministrators_DoNotOverwriteEachOther()
    {
        await using var gateway = await StartAsync();
        var admin = await gateway.AdministratorAsync();
        var (first, one) = await SignAsync(null);
        Assert.Equal((428, "precondition_required"), Of(await PostAsync(gateway, "/manage/policy", first, admin, null)));
        Assert.Equal(200, (await PostAsync(gateway, "/manage/policy", first, admin, "none")).Status);
        var (other, _) = await SignAsync(null, static files => files["x.cedar"] = "@id(\"x\") permit (principal, action, resource);"u8.ToArray());
        var stale = await PostAsync(gateway, "/manage/policy", other, admin, "none");
        Assert.Equal((412, "policy_changed"), Of(stale));
        Assert.Equal($"\"{one}\"", stale["ETag"]);
        Assert.Equal((422, "signature_refused"), Of(await PostAsync(gateway, "/manage/policy", other, admin, one)));
        Assert.Equal((409, "already_active"), Of(await PostAsync(gateway, "/manage/policy", (await SignAsync(one)).Signed, admin, one)));
        Assert.Equal((412, "policy_changed"), Of(await RollBackAsync(gateway, "{}", admin, new string('a', 64))));
        Assert.Equal((404, "bundle_not_found"), Of(await RollBackAsync(gateway, $$"""{"digest":"{{new string('a', 64)}}"}""", admin, one)));
        Assert.Equal((400, "invalid_digest"), Of(await RollBackAsync(gateway, """{"digest":"../x"}""", admin, one)));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("\"a\", \"b\"")]
    [InlineData("W/\"none\"")]
    [InlineData("none")]
    public async Task Precondition_IsOneStrongTag(string tag)
    {
        await using var gateway = await StartAsync();
        var request = TestGateway.Post("/manage/policy/rollback", "{}");
        request.Headers.TryAddWithoutValidation("If-Match", tag);
        Assert.Equal((428, "precondition_required"), Of(await gateway.SendAsync(request, await gateway.AdministratorAsync())));
    }

    [Fact]
    public async Task BundleThatIsNotSoundOrNotSigned_ChangesNothing_AndSaysWhy()
    {
        await using var gateway = await StartAsync();
        var admin = await gateway.AdministratorAsync();
        var (broken, _) = await SignAsync(null, static files => files["x.cedar"] = "permit ("u8.ToArray());
        var refused = await PostAsync(gateway, "/manage/policy", broken, admin, "none");
        Assert.Equal((422, "bundle_rejected"), Of(refused));
        Assert.Contains("x.cedar:1:", refused.Body, StringComparison.Ordinal);
        using var mallory = PolicySigningKey.Create("alice");
        var (forged, _) = await SignAsync(null, by: mallory);
        Assert.Equal((422, "signature_refused"), Of(await PostAsync(gateway, "/manage/policy", forged, admin, "none")));
        var check = await PostAsync(gateway, "/manage/policy/check", forged, admin, null);
        Assert.Equal((200, false, 1), (check.Status, (bool?)check.Json["sound"], check.Json["problems"]!.AsArray().Count));
        Assert.Equal((400, "invalid_json"), Of(await gateway.PostAsync("/manage/policy", """{"bundle":"not base64!"}""", admin)));
        Assert.Equal((400, "invalid_json"), Of(await gateway.PostAsync("/manage/policy", """{}""", admin)));
        Assert.Empty(await gateway.Policies.ReadNewestAsync(1, default));
        Assert.Empty(gateway.Policies.Packs);
    }

    [Fact]
    public async Task Approval_OfASecondPerson_IsNeeded_WhereItIsRequired()
    {
        await using var gateway = await StartAsync(("Proofgate:Policy:RequireApproval", "true"));
        var admin = await gateway.AdministratorAsync();
        var shown = (await gateway.GetAsync("/manage/policy", admin)).Json;
        Assert.Equal((true, true, 1), ((bool?)shown["requiresApproval"], (bool?)shown["needsSignature"], (int?)shown["nextSequence"]));
        var (signed, digest) = await SignAsync(null);
        Assert.Equal((422, "signature_refused"), Of(await PostAsync(gateway, "/manage/policy", signed, admin, "none")));
        Assert.Equal((422, "signature_refused"), Of(await PostAsync(gateway, "/manage/policy", signed, admin, "none", await ApproveAsync(_alice, digest))));
        var done = await PostAsync(gateway, "/manage/policy", signed, admin, "none", await ApproveAsync(_bob, digest));
        Assert.Equal((200, "alice", "bob"), (done.Status, (string?)done.Json["author"], (string?)done.Json["by"]));

        static async Task<byte[]> ApproveAsync(PolicySigningKey by, string digest) =>
            (await new ActivationStatement(ActivationStatement.Activate, 1, digest, null, by.Key, DateTimeOffset.UnixEpoch).SignAsync(by, default)).Encode();
    }

    /// <summary>Policy is one for all tenants: an administrator of another tenant has no say in it.</summary>
    [Fact]
    public async Task AdministratorOfAnotherTenant_MayNotEvenLook()
    {
        await using var gateway = await StartAsync();
        var theirs = await gateway.AdministratorAsync("contoso");
        Assert.Equal((403, "policy_denied"), Of(await gateway.GetAsync("/manage/policy", theirs)));
        Assert.Equal((403, "policy_denied"), Of(await PostAsync(gateway, "/manage/policy", (await SignAsync(null)).Signed, theirs, "none")));
        Assert.Equal((403, "policy_denied"), Of(await RollBackAsync(gateway, "{}", theirs, "none")));
        Assert.Empty(await gateway.Policies.ReadNewestAsync(1, default));
    }

    [Fact]
    public async Task StoreThatIsAway_Is503_AndSoIsEveryCall_WhenItIsSoForTooLong()
    {
        await using var gateway = await StartAsync(("Proofgate:Policy:MaxAge", "00:00:01"));
        var (admin, developer) = (await gateway.AdministratorAsync(), await gateway.DeveloperAsync());
        Assert.Equal(200, (await PostAsync(gateway, "/manage/policy", (await SignAsync(null)).Signed, admin, "none")).Status);
        gateway.Policies.Fault = new IOException("away");
        Assert.Equal(503, (await gateway.GetAsync("/manage/policy", admin)).Status);
        await ReadyAsync(gateway, 503);
        Assert.Contains("silent for too long", (await gateway.GetAsync("/readyz")).Body, StringComparison.Ordinal);
        var answer = await gateway.ChatAsync(developer);
        Assert.Equal((503, "no_policy"), Of(answer));
        Assert.NotNull(answer["Retry-After"]);
        gateway.Policies.Fault = null;
        await ReadyAsync(gateway, 200);
        Assert.Equal(200, (await gateway.ChatAsync(developer)).Status);

        static async Task ReadyAsync(TestGateway gateway, int status)
        {
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while ((await gateway.GetAsync("/readyz")).Status != status)
            {
                // The gateway looks by a clock of its own: there is nothing to await.
                await Task.Delay(20, late.Token);
            }
        }
    }

    private Task<TestGateway> StartAsync(params (string Key, string? Value)[] settings) => TestGateway.StartAsync(
    [
        ("Proofgate:Policy:Folder", null),
        ("Proofgate:Policy:Store", "policies"),
        ("Proofgate:Policy:ReloadInterval", "00:00:00.1"),
        ("Proofgate:Policy:TrustedKeys:alice", _alice.PublicKey.Encoded),
        ("Proofgate:Policy:TrustedKeys:bob", _bob.PublicKey.Encoded),
        ("Proofgate:Policy:HostKeys:manage", _host.PublicKey.Encoded),
        ("Proofgate:Secrets:PolicySigningKey", _host.Reveal()),
        ("Proofgate:Identity:LookupsPerMinute", "100000"),
        .. settings,
    ]);

    private async Task<(byte[] Signed, string Digest)> SignAsync(string? previous, Action<Dictionary<string, byte[]>>? change = null, PolicySigningKey? by = null)
    {
        Assert.True(BundleFolder.TryRead(RepositoryRoot.Of("infra", "policy", "sample"), out var sample, out _));
        var files = sample.ToDictionary();
        if (change is not null)
        {
            // What is changed here the sample's own tests would refuse.
            foreach (var test in files.Keys.Where(BundleTests.IsTest).ToList())
            {
                files.Remove(test);
            }

            change(files);
        }

        Assert.True(BundlePack.TryWrite(files, out var pack, out _));
        var author = by ?? _alice;
        var statement = new BundleStatement(BundlePack.DigestOf(files), previous, author.Key, DateTimeOffset.UnixEpoch);
        var bundle = new SignedBundle(await statement.SignAsync(author, default), pack, files);
        return (bundle.Encode(), bundle.Digest);
    }

    private static Task<Answer> PostAsync(TestGateway gateway, string path, byte[] bundle, string key, string? active, byte[]? activation = null)
    {
        var body = new JsonObject { ["bundle"] = Convert.ToBase64String(bundle) };
        if (activation is not null)
        {
            body["activation"] = Convert.ToBase64String(activation);
        }

        return SendAsync(gateway, path, body.ToJsonString(), key, active);
    }

    private static Task<Answer> RollBackAsync(TestGateway gateway, string body, string key, string active) =>
        SendAsync(gateway, "/manage/policy/rollback", body, key, active);

    private static Task<Answer> SendAsync(TestGateway gateway, string path, string body, string key, string? active)
    {
        var request = TestGateway.Post(path, body);
        if (active is not null)
        {
            request.Headers.Add("If-Match", $"\"{active}\"");
        }

        return gateway.SendAsync(request, key);
    }

    private static (int Status, string? Code) Of(Answer answer) => (answer.Status, answer.Code);
}
