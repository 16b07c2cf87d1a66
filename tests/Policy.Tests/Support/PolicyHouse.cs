using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Policy;
using Proofgate.Policy.Bundles;
using Proofgate.Policy.Signing;

namespace Proofgate.Tests.Support;

/// <summary>A store, the people who sign and a host that signs, and instances that read it.</summary>
internal sealed class PolicyHouse : IActivationRecorder, IDisposable
{
    internal const string Permit = """@id("p") permit (principal, action, resource);""";

    private readonly List<StoredBundles> _instances = [];

    internal PolicyHouse(Action<PolicyOptions>? change = null)
    {
        Options.TrustedKeys["alice"] = Alice.PublicKey.Encoded;
        Options.TrustedKeys["bob"] = Bob.PublicKey.Encoded;
        Options.HostKeys["manage"] = Host.PublicKey.Encoded;
        change?.Invoke(Options);
        Assert.Empty(Options.Problems());
        Verifier = new ActivationVerifier(Microsoft.Extensions.Options.Options.Create(Options));
    }

    internal PolicySigningKey Alice { get; } = PolicySigningKey.Create("alice");

    internal PolicySigningKey Bob { get; } = PolicySigningKey.Create("bob");

    internal PolicySigningKey Host { get; } = PolicySigningKey.Create("manage");

    internal PolicySigningKey Mallory { get; } = PolicySigningKey.Create("alice");

    internal PolicyOptions Options { get; } = new() { Store = "policies" };

    internal FakeTimeProvider Time { get; } = new(Callers.Now);

    internal MemoryBundleStore Store { get; } = new();

    internal ActivationVerifier Verifier { get; }

    internal List<(PolicyAct Act, string Digest, string? Previous)> Recorded { get; } = [];

    internal Func<string, Exception?>? RecordingFails { get; set; }

    internal StoredBundles NewInstance()
    {
        var instance = new StoredBundles(
            Store, new BundleLoader([]), Verifier, this, Microsoft.Extensions.Options.Options.Create(Options), Time, NullLogger<StoredBundles>.Instance);
        _instances.Add(instance);
        return instance;
    }

    internal PolicyAdministration NewAdministration(StoredBundles source, bool hostSigns = true) => new(
        new BundleLoader([]), source, Verifier, Microsoft.Extensions.Options.Options.Create(Options), Time, Store, hostSigns ? Host : null);

    internal static IReadOnlyDictionary<string, byte[]> Files(string policies) => new Dictionary<string, byte[]>
    {
        ["bundle.json"] = Encoding.UTF8.GetBytes(Bundles.Manifest),
        ["p.cedar"] = Encoding.UTF8.GetBytes(policies),
    };

    internal static async Task<SignedBundle> SignAsync(
        PolicySigningKey author, string policies, string? previous, DateTimeOffset? created = null, IReadOnlyDictionary<string, byte[]>? files = null)
    {
        files ??= Files(policies);
        Assert.True(BundlePack.TryWrite(files, out var pack, out var problem), problem);
        var statement = new BundleStatement(BundlePack.DigestOf(files), previous, author.Key, created ?? Callers.Now);
        return new SignedBundle(await statement.SignAsync(author, CancellationToken.None), pack, files);
    }

    internal static async Task<byte[]> ApproveAsync(PolicySigningKey by, long sequence, string digest, string? previous, string act = ActivationStatement.Activate) =>
        (await new ActivationStatement(act, sequence, digest, previous, by.Key, Callers.Now).SignAsync(by, CancellationToken.None)).Encode();

    /// <summary>A sound record and its pack, as an administrator would write them.</summary>
    internal async Task<StoredActivation> PutAsync(long sequence, string policies, string? previous, PolicySigningKey? author = null, PolicySigningKey? by = null)
    {
        var bundle = await SignAsync(author ?? Alice, policies, previous);
        Store.Packs[bundle.Digest] = bundle.Pack;
        var record = new StoredActivation(sequence, bundle.Statement.Encode(), await ApproveAsync(by ?? Host, sequence, bundle.Digest, previous));
        Store.Put(record);
        return record;
    }

    public Task RecordAsync(PolicyAct act, string digest, string? previousDigest, CancellationToken cancellationToken)
    {
        if (RecordingFails?.Invoke(digest) is { } failure)
        {
            return Task.FromException(failure);
        }

        lock (Recorded)
        {
            Recorded.Add((act, digest, previousDigest));
        }

        return Task.CompletedTask;
    }

    public void Dispose()
    {
        foreach (var instance in _instances)
        {
            instance.Dispose();
        }

        foreach (var key in (PolicySigningKey[])[Alice, Bob, Host, Mallory])
        {
            key.Dispose();
        }
    }
}
