using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Promises;
using Proofgate.Audit.Publishing;
using Proofgate.Audit.Tests.Doubles;
using Proofgate.Audit.Verification;

namespace Proofgate.Audit.Tests.Promises;

public sealed class AuditPromiseTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(Sample.Time);
    private readonly MemoryTransport _transport = new();
    private readonly MemoryLedgerTable _table = new();
    private readonly ProcessKey _key = new();

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task Text_IsReadBack_AndNoOtherSpellingIs()
    {
        var (_, promise) = await PromisedAsync();
        var text = promise.ToString();
        Assert.True(AuditPromise.TryParse(text, out var read));
        Assert.Equal((promise.Id, promise.Source, promise.Number, promise.Deadline, promise.LeafHash), (read.Id, read.Source, read.Number, read.Deadline, read.LeafHash));
        Assert.Equal(Sample.Time.AddDays(1).ToUnixTimeSeconds(), read.Deadline.ToUnixTimeSeconds());
        Assert.True(read.IsSignedBy(_key.PublicKey));
        Assert.All(text, static c => Assert.True(char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'));
        var parts = text.Split('.');
        string?[] others =
        [
            null, "", text + ".", " " + text, text.ToUpperInvariant(), "v2" + text[2..], text + "A", text[..^1], string.Join('.', parts[..6]),
            text.Replace(parts[3], "0" + parts[3], StringComparison.Ordinal), text.Replace(parts[4], "99999999999999999999", StringComparison.Ordinal),
            text.Replace($".{parts[3]}.", ".0.", StringComparison.Ordinal), text.Replace($".{parts[3]}.", ".-1.", StringComparison.Ordinal), new string('.', 400), new string('1', 10_000),
        ];
        Assert.All(others, o => Assert.False(AuditPromise.TryParse(o, out _), o));
    }

    /// <summary>The bytes in this room's README, made here by hand.</summary>
    [Fact]
    public async Task Statement_IsWhatTheReadmeSays()
    {
        var (_, promise) = await PromisedAsync();
        var statement = new List<byte>(Encoding.ASCII.GetBytes("proofgate/audit/promise/v1\n"));
        statement.AddRange(Convert.FromHexString(promise.Id.ToString().Replace("-", "", StringComparison.Ordinal)));
        statement.AddRange(Convert.FromHexString(promise.Source.ToString()));
        statement.AddRange(Convert.FromHexString(promise.Number.ToString("x16", CultureInfo.InvariantCulture)));
        statement.AddRange(promise.LeafHash.ToArray());
        statement.AddRange(Convert.FromHexString(promise.Deadline.ToUnixTimeSeconds().ToString("x16", CultureInfo.InvariantCulture)));
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Base64Url.DecodeFromChars(_key.PublicKey), out _);
        Assert.True(key.VerifyData(statement.ToArray(), promise.Signature.ToArray(), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    [Fact]
    public async Task Promise_HoldsForNothingElse()
    {
        var (_, promise) = await PromisedAsync();
        using var stranger = new ProcessKey();
        AuditPromise[] others =
        [
            promise with { Id = Sample.Id(99) }, promise with { Source = SourceId.New() }, promise with { Number = promise.Number + 1 },
            promise with { LeafHash = MerkleHash.OfLeaf([1]) }, promise with { Deadline = promise.Deadline.AddSeconds(1) },
        ];
        Assert.All(others, o => Assert.False(o.IsSignedBy(_key.PublicKey)));
        Assert.All(Enumerable.Range(0, 64), i => Assert.False((promise with { Signature = Changed(promise.Signature, i) }).IsSignedBy(_key.PublicKey)));
        Assert.False(promise.IsSignedBy(stranger.PublicKey));
        Assert.All(new[] { "", "not base64!", "AAAA", _key.PublicKey[..^4] }, k => Assert.False(promise.IsSignedBy(k)));
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.False(promise.IsSignedBy(Base64Url.EncodeToString(other.ExportSubjectPublicKeyInfo())));
    }

    [Fact]
    public async Task Promise_IsKept_WhenTheRecordIsInTheLedger()
    {
        var (bodies, promise) = await PromisedAsync();
        await AppendAsync(bodies);
        var kept = Assert.IsType<PromiseVerdict.Kept>(await CheckAsync(promise, late: true));
        Assert.Equal(promise.LeafHash, MerkleHash.OfLeaf(Sample.Leaves(_table)[(int)kept.Index]));
        Assert.IsType<PromiseVerdict.Kept>(await CheckAsync(promise, late: false));
    }

    [Fact]
    public async Task LeftOutRecord_IsNotDue_AndThenProven()
    {
        var (bodies, promise) = await PromisedAsync();
        bodies.RemoveAt(bodies.Count - 1);
        await AppendAsync(bodies);
        Assert.Equal(0, (await new LedgerVerifier(_table).VerifyAsync(null, default)).ExitCode);
        Assert.IsType<PromiseVerdict.NotDue>(await CheckAsync(promise, late: false));
        Assert.Equal(new PromiseVerdict.Broken(OtherRecord: false), await CheckAsync(promise, late: true));
    }

    [Fact]
    public async Task OtherRecordUnderTheSameId_DoesNotKeepAPromise()
    {
        var (bodies, promise) = await PromisedAsync();
        bodies[^1] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bodies[^1]).Replace("\"allowed\":true", "\"allowed\":false", StringComparison.Ordinal));
        await AppendAsync(bodies);
        Assert.Equal(0, (await new LedgerVerifier(_table).VerifyAsync(null, default)).ExitCode);
        Assert.Equal(new PromiseVerdict.Broken(OtherRecord: true), await CheckAsync(promise, late: true));
    }

    [Fact]
    public async Task InventedPromise_ProvesNothing()
    {
        var (bodies, promise) = await PromisedAsync();
        await AppendAsync(bodies);
        using var stranger = new ProcessKey();
        var invented = Promise(stranger, new AuditReceipt(Sample.Id(50), promise.Source.ToString(), 7, new byte[32]));
        Assert.IsType<PromiseVerdict.BadSignature>(await CheckAsync(invented, late: true));
        var unknown = Promise(stranger, new AuditReceipt(Sample.Id(50), SourceId.New().ToString(), 7, new byte[32]));
        Assert.IsType<PromiseVerdict.NotDue>(await CheckAsync(unknown, late: false));
        Assert.IsType<PromiseVerdict.Unvouched>(await CheckAsync(unknown, late: true));
        Assert.IsType<PromiseVerdict.BadSignature>(await CheckAsync(promise with { Number = 9 }, late: true));
    }

    [Fact]
    public async Task RowsThatNoCommitCovers_KeepNoPromise()
    {
        var (bodies, promise) = await PromisedAsync();
        await AppendAsync(bodies[..^1]);
        var rows = _table.Partitions["audit-00-000000"];
        var orphan = EventRow.ToRow("audit-00-000000", 2, 1, bodies[^1]);
        rows[orphan.RowKey] = orphan;
        Assert.IsType<PromiseVerdict.Broken>(await CheckAsync(promise, late: true));
    }

    [Fact]
    public async Task ManyAtOnce_AreEachSignedRight()
    {
        var receipts = Enumerable.Range(1, 400).Select(i => new AuditReceipt(Sample.Id(i), SourceId.New().ToString(), i, SHA256.HashData([(byte)i]))).ToArray();
        var made = new AuditPromise[receipts.Length];
        await Parallel.ForAsync(0, receipts.Length, new ParallelOptions { MaxDegreeOfParallelism = 16 }, (i, _) =>
        {
            made[i] = Promise(_key, receipts[i]);
            return ValueTask.CompletedTask;
        });
        Assert.All(made, m => Assert.True(m.IsSignedBy(_key.PublicKey)));
    }

    private async Task<(List<byte[]> Bodies, AuditPromise Promise)> PromisedAsync()
    {
        var options = Sample.Options();
        var publisher = new AuditPublisher(
            _transport, Sample.Sealer(options: options), _key, Options.Create(options), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<AuditPublisher>.Instance);
        var receipt = await publisher.PublishAsync(Sample.Decision(1), default);
        var bodies = _transport.Stored.ConvertAll(static s => s.Body);
        await publisher.DisposeAsync();
        return (bodies, Promise(_key, receipt));
    }

    private AuditPromise Promise(ProcessKey key, AuditReceipt receipt) => new PromiseMaker(key, Options.Create(Sample.Options()), _time).Make(receipt);

    private async Task AppendAsync(List<byte[]> bodies) => await (await Sample.WriterAsync(_table)).AppendAsync(Sample.Records(bodies), default);

    private Task<PromiseVerdict> CheckAsync(AuditPromise promise, bool late) =>
        new PromiseChecker(_table).CheckAsync(promise, promise.Deadline.AddSeconds(late ? 1 : 0), default);

    private static byte[] Changed(ReadOnlyMemory<byte> bytes, int at)
    {
        var changed = bytes.ToArray();
        changed[at] ^= 1;
        return changed;
    }
}
