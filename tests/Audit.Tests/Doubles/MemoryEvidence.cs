using System.Runtime.CompilerServices;
using Proofgate.Audit.Checkpoints;

namespace Proofgate.Audit.Tests.Doubles;

/// <summary>Evidence in memory: it cannot overwrite, and a fault can be put before or after any call.</summary>
internal sealed class MemoryEvidence : IEvidenceStore
{
    internal SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    internal int Calls { get; private set; }

    /// <summary>Called with the number of the call, before and after it is done; throws to make a fault.</summary>
    internal Action<int, bool>? Fault { get; set; }

    public Task<bool> InsertAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var call = Begin();
        var added = Files.TryAdd(path, content.ToArray());
        Fault?.Invoke(call, true);
        return Task.FromResult(added);
    }

    public Task<byte[]?> ReadAsync(string path, int maxBytes, CancellationToken cancellationToken)
    {
        var call = Begin();
        var held = Files.GetValueOrDefault(path);
        Fault?.Invoke(call, true);
        return held?.Length > maxBytes ? throw new EvidenceDamagedException($"'{path}' is too long.") : Task.FromResult(held);
    }

    public Task<long?> HighestAsync(string folder, CancellationToken cancellationToken)
    {
        var call = Begin();
        var highest = Numbers(folder).Select(static n => (long?)n).Max();
        Fault?.Invoke(call, true);
        return Task.FromResult(highest);
    }

    public async IAsyncEnumerable<long> NumbersAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Fault?.Invoke(Begin(), true);
        await Task.CompletedTask;
        foreach (var number in Numbers(folder))
            yield return number;
    }

    public async IAsyncEnumerable<string> PathsAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var path in Files.Keys.Where(p => folder.Length == 0 || p.StartsWith(folder + "/", StringComparison.Ordinal)).ToList())
            yield return path;
    }

    private List<long> Numbers(string folder) =>
        [.. Files.Keys.Where(p => p.StartsWith(folder + "/", StringComparison.Ordinal)).Select(p => Checkpoint.TrySize(p[(folder.Length + 1)..], out var n) ? n : -1).Where(static n => n >= 0)];

    private int Begin()
    {
        Fault?.Invoke(Calls, false);
        return Calls++;
    }
}
