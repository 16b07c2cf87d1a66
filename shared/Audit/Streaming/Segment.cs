using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Proofgate.Audit.Streaming;

/// <summary>One append-only file of a partition, named by its first sequence number.</summary>
internal sealed class Segment : IDisposable
{
    private const string Suffix = ".seg";
    private const string LedgerSuffix = ".in-ledger";

    private Segment(string path, long first, SafeFileHandle handle)
    {
        FilePath = path;
        First = first;
        Next = first;
        Handle = handle;
    }

    internal string FilePath { get; }

    internal long First { get; }

    internal SafeFileHandle Handle { get; }

    /// <summary>Sequence number after the last durable record.</summary>
    internal long Next { get; private set; }

    /// <summary>Durable bytes.</summary>
    internal long Length { get; private set; }

    /// <summary>When the last durable record was written, in Unix milliseconds; null if there is none in this file.</summary>
    internal long? LastAt { get; private set; }

    /// <summary>When the ledger was first seen to hold all of it; null if it does not yet.</summary>
    internal DateTimeOffset? InLedgerSince { get; private set; }

    internal static Segment Create(string folder, long first) =>
        Open(Path.Combine(folder, first.ToString("D19", CultureInfo.InvariantCulture) + Suffix), first, FileMode.CreateNew);

    /// <summary>The segments of a folder, oldest first.</summary>
    internal static List<Segment> OpenAll(string folder)
    {
        var segments = new List<Segment>();
        foreach (var path in Directory.EnumerateFiles(folder, "*" + Suffix))
        {
            if (long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var first))
                segments.Add(Open(path, first, FileMode.Open));
        }

        segments.Sort(static (a, b) => a.First.CompareTo(b.First));
        return segments;
    }

    /// <summary>Reads all records from the start and sets <see cref="Next"/> and <see cref="Length"/> to where whole ones end.</summary>
    /// <returns>Bytes in the file beyond them.</returns>
    internal long Scan()
    {
        var end = RandomAccess.GetLength(Handle);
        var buffer = new byte[RecordFrame.HeaderBytes + RecordFrame.MaxBodyBytes];
        int held = 0, start = 0;
        while (true)
        {
            var state = RecordFrame.TryRead(buffer.AsSpan(start, held - start), Next, out var length, out var time);
            if (state == FrameState.Whole)
            {
                start += length;
                Appended(Next + 1, Length + length, time);
                continue;
            }

            if (state == FrameState.Damaged)
                return end - Length;
            buffer.AsSpan(start, held - start).CopyTo(buffer);
            held -= start;
            start = 0;
            var read = RandomAccess.Read(Handle, buffer.AsSpan(held), Length + held);
            if (read == 0)
                return end - Length;
            held += read;
        }
    }

    internal void Appended(long next, long length, long at)
    {
        Next = next;
        Length = length;
        LastAt = at;
    }

    internal void Truncate()
    {
        RandomAccess.SetLength(Handle, Length);
        RandomAccess.FlushToDisk(Handle);
    }

    internal void MarkInLedger(DateTimeOffset now)
    {
        if (InLedgerSince is not null)
            return;
        var marker = Path.ChangeExtension(FilePath, LedgerSuffix);
        if (!File.Exists(marker))
        {
            File.WriteAllBytes(marker, []);
            File.SetLastWriteTimeUtc(marker, now.UtcDateTime);
        }

        InLedgerSince = new DateTimeOffset(File.GetLastWriteTimeUtc(marker));
    }

    internal void Delete()
    {
        Handle.Dispose();
        File.Delete(FilePath);
        File.Delete(Path.ChangeExtension(FilePath, LedgerSuffix));
    }

    public void Dispose() => Handle.Dispose();

    private static Segment Open(string path, long first, FileMode mode) =>
        new(path, first, File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete));
}
