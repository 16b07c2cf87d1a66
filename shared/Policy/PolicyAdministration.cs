using Microsoft.Extensions.Options;
using Proofgate.Policy.Bundles;
using Proofgate.Policy.Signing;

namespace Proofgate.Policy;

/// <summary>
/// Activates signed bundles and goes back to earlier ones. Whether the asker may is decided before; here it is only asked who signed. What is active is asked of
/// the store each time, never of memory, and a record is written on condition that nobody has written one of its number.
/// </summary>
public sealed class PolicyAdministration
{
    /// <summary>Records in which an earlier bundle is looked for.</summary>
    private const int Depth = 1000;

    private readonly BundleLoader _loader;
    private readonly IBundleSource _source;
    private readonly ActivationVerifier _verifier;
    private readonly PolicyOptions _options;
    private readonly TimeProvider _time;
    private readonly IBundleStore? _store;
    private readonly IPolicySigner? _signer;

    internal PolicyAdministration(
        BundleLoader loader, IBundleSource source, ActivationVerifier verifier, IOptions<PolicyOptions> options, TimeProvider time, IBundleStore? store,
        IPolicySigner? signer) =>
        (_loader, _source, _verifier, _options, _time, _store, _signer) =
        (loader, source, verifier, options.Value, time, options.Value.Store is null ? null : store ?? throw Missing(), signer);

    /// <summary>Whether bundles are activated here; else a folder is the policy.</summary>
    public bool HasStore => _store is not null;

    /// <summary>Whether each activation needs the signature of another person than the author.</summary>
    public bool RequiresApproval => _options.RequireApproval;

    /// <summary>Whether an activation needs a signature that the host does not give.</summary>
    public bool NeedsSignature => _options.RequireApproval || _signer is null;

    /// <summary>Whose administrators may be permitted to manage policy.</summary>
    public string Tenant => _options.Tenant;

    /// <summary>The record that the store holds now, and the number that the next one has.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<(Activation? Active, long Next)> ReadAsync(CancellationToken cancellationToken)
    {
        if (_store is null)
        {
            return (null, 1);
        }

        var rows = await _store.ReadNewestAsync(StoredBundles.Window, cancellationToken);
        return (rows.Select(Verified).FirstOrDefault(static a => a is not null), NextAfter(rows));
    }

    /// <summary>Looks at a bundle as an activation would, and changes nothing.</summary>
    public BundleCheck Check(ReadOnlyMemory<byte> signedBundle)
    {
        if (!SignedBundle.TryRead(signedBundle, out var bundle, out var problem))
        {
            return new BundleCheck(null, null, null, [problem]);
        }

        var problems = new List<string>();
        if (_store is not null && _verifier.JudgeAuthor(bundle.Statement) is { } unsigned)
        {
            problems.Add(unsigned);
        }

        var load = _loader.Load(bundle.Files);
        if (load is BundleLoad.Rejected rejected)
        {
            problems.AddRange(rejected.Problems);
        }

        return new BundleCheck(bundle.Digest, (load as BundleLoad.Loaded)?.Bundle.Name, bundle.Statement.Key, problems);
    }

    /// <param name="signedBundle">A <see cref="SignedBundle"/>, encoded.</param>
    /// <param name="approval">An <see cref="ActivationStatement"/> in its envelope; null: the host signs.</param>
    /// <param name="expected">Digest of the bundle that the asker takes to be active; null: none.</param>
    /// <param name="cancellationToken">The asker has left; what has begun goes to its end.</param>
    /// <exception cref="IOException">The store is out of reach, and whether it was done is unknown.</exception>
    public async Task<PolicyChange> ActivateAsync(
        ReadOnlyMemory<byte> signedBundle, ReadOnlyMemory<byte>? approval, string? expected, CancellationToken cancellationToken)
    {
        if (_store is null)
        {
            return new PolicyChange.FolderDecides();
        }

        if (!SignedBundle.TryRead(signedBundle, out var bundle, out var problem))
        {
            return new PolicyChange.Rejected([problem]);
        }

        if (_verifier.JudgeAuthor(bundle.Statement) is { } unsigned)
        {
            return new PolicyChange.NotSigned(unsigned);
        }

        if (_loader.Load(bundle.Files) is BundleLoad.Rejected rejected)
        {
            return new PolicyChange.Rejected(rejected.Problems);
        }

        var (active, next) = await ReadAsync(cancellationToken);
        if (active?.Digest != expected)
        {
            return new PolicyChange.Stale(active?.Digest);
        }

        if (active?.Digest == bundle.Digest)
        {
            return new PolicyChange.AlreadyActive();
        }

        var record = await SignAsync(ActivationStatement.Activate, next, bundle.Digest, active, bundle.Statement.Encode(), approval, cancellationToken);
        return record is { } ready ? await WriteAsync(ready, ActivationStatement.Activate, active, bundle.Pack) : NoSignature();
    }

    /// <summary>Makes an earlier bundle decide again, under a new number.</summary>
    /// <param name="digest">Null: the one that decided before the active one.</param>
    /// <param name="approval">An <see cref="ActivationStatement"/> in its envelope; null: the host signs.</param>
    /// <param name="expected">Digest of the bundle that the asker takes to be active; null: none.</param>
    /// <param name="cancellationToken">The asker has left; what has begun goes to its end.</param>
    /// <exception cref="IOException">The store is out of reach, and whether it was done is unknown.</exception>
    public async Task<PolicyChange> RollBackAsync(string? digest, ReadOnlyMemory<byte>? approval, string? expected, CancellationToken cancellationToken)
    {
        if (_store is null)
        {
            return new PolicyChange.FolderDecides();
        }

        var rows = await _store.ReadNewestAsync(Depth, cancellationToken);
        var records = rows.Select(r => (Row: r, Activation: Verified(r))).Where(static r => r.Activation is not null).ToList();
        var active = records.Count == 0 ? null : records[0].Activation;
        if (active is null || active.Digest != expected)
        {
            return active is null ? new PolicyChange.NothingToGoBackTo() : new PolicyChange.Stale(active.Digest);
        }

        var target = digest ?? active.Previous;
        if (target == active.Digest)
        {
            return new PolicyChange.AlreadyActive();
        }

        if (records.Find(r => r.Activation!.Digest == target) is not { Row: { } earlier } || await _store.FindPackAsync(target!, cancellationToken) is not { } pack)
        {
            return new PolicyChange.NothingToGoBackTo();
        }

        // What was sound then may not be now: this version may ask for more.
        if (!BundlePack.TryRead(pack.Span, out var files, out var problem) || BundleLoader.Digest(files) != target)
        {
            return new PolicyChange.Rejected([problem ?? "The bundle that is stored under this digest has another one."]);
        }

        if (_loader.Load(files) is BundleLoad.Rejected rejected)
        {
            return new PolicyChange.Rejected(rejected.Problems);
        }

        var record = await SignAsync(ActivationStatement.RollBack, NextAfter(rows), target!, active, earlier.Bundle, approval, cancellationToken);
        return record is { } ready ? await WriteAsync(ready, ActivationStatement.RollBack, active, null) : NoSignature();
    }

    private static InvalidOperationException Missing() => new("Proofgate:Policy:Store is set, and this host has no store of bundles.");

    private static long NextAfter(IReadOnlyList<StoredActivation> rows) => rows.Count == 0 ? 1 : checked(rows[0].Sequence + 1);

    private Activation? Verified(StoredActivation row) => (_verifier.Verify(row) as ActivationVerdict.Verified)?.Activation;

    private static PolicyChange.NotSigned NoSignature() => new(
        "This host has no key to sign activations with: send one that is signed by a key of Proofgate:Policy:TrustedKeys.");

    /// <returns>Null: nobody has signed.</returns>
    private async Task<StoredActivation?> SignAsync(
        string act, long sequence, string digest, Activation? active, ReadOnlyMemory<byte> bundle, ReadOnlyMemory<byte>? approval, CancellationToken cancellationToken)
    {
        if (approval is null && _signer is not null)
        {
            var statement = new ActivationStatement(act, sequence, digest, active?.Digest, _signer.Key, _time.GetUtcNow());
            approval = (await statement.SignAsync(_signer, cancellationToken)).Encode();
        }

        return approval is { } signed ? new StoredActivation(sequence, bundle, signed) : null;
    }

    private async Task<PolicyChange> WriteAsync(StoredActivation record, string act, Activation? active, ReadOnlyMemory<byte>? pack)
    {
        // As every instance will: what they would not take is not written.
        var verdict = _verifier.Verify(record);
        if (verdict is not ActivationVerdict.Verified { Activation: var activation })
        {
            return new PolicyChange.NotSigned(((ActivationVerdict.Refused)verdict).Problem);
        }

        if (activation.RollsBack != (act == ActivationStatement.RollBack))
        {
            return new PolicyChange.NotSigned("The record is not taken: another act was signed than was asked for.");
        }

        if (activation.Previous != active?.Digest)
        {
            return new PolicyChange.Stale(active?.Digest);
        }

        if (pack is { } files)
        {
            await _store!.KeepPackAsync(activation.Digest, files, CancellationToken.None);
        }

        if (!await _store!.TryInsertAsync(record, CancellationToken.None))
        {
            return new PolicyChange.Overtaken();
        }

        if (_source is StoredBundles here)
        {
            await here.LookAsync(CancellationToken.None);
        }

        return new PolicyChange.Done(activation);
    }
}
