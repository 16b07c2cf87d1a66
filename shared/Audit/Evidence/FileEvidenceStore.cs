using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Proofgate.Audit.Checkpoints;

namespace Proofgate.Audit.Evidence;

/// <summary>
/// Evidence in a folder. A file is written beside its place, flushed, and then given its name, which fails if there is one by it: a process that
/// is killed leaves a file under another name and nothing else. What power loss left torn, the beginning of what is being inserted and nothing
/// after it, counts as not written.
/// </summary>
public sealed class FileEvidenceStore : IEvidenceStore
{
    private const string Unfinished = ".tmp";

    private readonly string _root;
    private readonly ConcurrentDictionary<string, long> _highest = new(StringComparer.Ordinal);

    public FileEvidenceStore(string folder) => _root = Path.GetFullPath(folder);

    public async Task<bool> InsertAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var file = Resolve(path);
        try
        {
            if (File.Exists(file) && !await IsTornAsync(file, content, cancellationToken).ConfigureAwait(false))
                return false;
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var temporary = $"{file}.{Environment.ProcessId}-{Guid.NewGuid():N}{Unfinished}";
            await WriteAsync(temporary, content, cancellationToken).ConfigureAwait(false);
            return Publish(temporary, file, overwrite: File.Exists(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvidenceUnavailableException($"'{path}' could not be written: {e.Message}", e);
        }
    }

    public async Task<byte[]?> ReadAsync(string path, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileInfo(Resolve(path));
            if (!file.Exists)
                return null;
            return file.Length <= maxBytes
                ? await File.ReadAllBytesAsync(file.FullName, cancellationToken).ConfigureAwait(false)
                : throw new EvidenceDamagedException($"'{path}' has {file.Length} bytes, which is more than it can have.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvidenceUnavailableException($"'{path}' could not be read: {e.Message}", e);
        }
    }

    public Task<long?> HighestAsync(string folder, CancellationToken cancellationToken)
    {
        // One process at a time writes a folder, so what was seen once is still the highest while it is there and none was added since.
        if (!_highest.TryGetValue(folder, out var highest) || !File.Exists(Resolve($"{folder}/{highest.ToString(CultureInfo.InvariantCulture)}")))
        {
            highest = -1;
            foreach (var number in Numbers(folder))
                highest = Math.Max(highest, number);
            if (highest >= 0)
                _highest[folder] = highest;
        }

        return Task.FromResult(highest < 0 ? default(long?) : highest);
    }

    public async IAsyncEnumerable<long> NumbersAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var number in Numbers(folder))
            yield return number;
    }

    public async IAsyncEnumerable<string> PathsAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var from = folder.Length == 0 ? _root : Resolve(folder);
        if (!Directory.Exists(from))
            yield break;
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            if (!file.EndsWith(Unfinished, StringComparison.Ordinal))
                yield return Path.GetRelativePath(_root, file).Replace(Path.DirectorySeparatorChar, '/');
        }
    }

    private IEnumerable<long> Numbers(string folder)
    {
        var path = Resolve(folder);
        if (!Directory.Exists(path))
            yield break;
        foreach (var file in Directory.EnumerateFiles(path))
        {
            if (Checkpoint.TrySize(Path.GetFileName(file), out var number))
                yield return number;
        }
    }

    private static async Task WriteAsync(string file, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        await using (stream.ConfigureAwait(false))
        {
            await stream.WriteAsync(content, cancellationToken).ConfigureAwait(false);
            stream.Flush(flushToDisk: true);
        }
    }

    private bool Publish(string temporary, string file, bool overwrite)
    {
        try
        {
            File.Move(temporary, file, overwrite);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(temporary);
            return false;
        }

        if (Checkpoint.TrySize(Path.GetFileName(file), out var number))
        {
            var folder = Path.GetRelativePath(_root, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '/');
            if (_highest.TryGetValue(folder, out var highest) && highest < number)
                _highest[folder] = number;
        }

        return true;
    }

    private static async Task<bool> IsTornAsync(string file, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var info = new FileInfo(file);
        if (info.Length >= content.Length)
            return false;
        var held = await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false);
        return held.Length < content.Length && content.Span[..held.Length].SequenceEqual(held);
    }

    private string Resolve(string path)
    {
        if (path.Length is 0 or > 256 || path.Split('/').Any(static p => p.Length == 0 || p[0] == '.' || p.Any(static c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not '.' and not '-')))
            throw new ArgumentException($"'{path}' is no path of evidence.", nameof(path));
        return Path.Combine(_root, path.Replace('/', Path.DirectorySeparatorChar));
    }
}
