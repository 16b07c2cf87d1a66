using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Proofgate.Policy.Bundles;

/// <summary>
/// A bundle's files as one sequence of bytes. Equal files give equal bytes, and no other bytes give those files: a digest of the files names the
/// pack too. Format: <c>PGPACK1\n</c>, the number of files (2 bytes), and for each, in the order of its name's bytes, length and bytes of the name
/// (2), length and bytes of its content (4); big-endian, and nothing after the last.
/// </summary>
public static class BundlePack
{
    /// <summary>Bytes of a pack: those of the files, and what names and lengths add.</summary>
    public const int MaxBytes = BundleLoader.MaxBytes + (BundleLoader.MaxFiles * (MaxNameLength + 6)) + 10;

    private const int MaxNameLength = 200;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./");

    private static ReadOnlySpan<byte> Magic => "PGPACK1\n"u8;

    /// <returns>False, and why, where the files can be no bundle's.</returns>
    public static bool TryWrite(
        IReadOnlyDictionary<string, byte[]> files, [NotNullWhen(true)] out byte[]? pack, [NotNullWhen(false)] out string? problem)
    {
        pack = null;
        if ((problem = Judge([.. files.Keys.Order(StringComparer.Ordinal)], files.Values.Sum(static f => (long)f.Length))) is not null)
        {
            return false;
        }

        var output = new ArrayBufferWriter<byte>(64 * 1024);
        output.Write(Magic);
        BinaryPrimitives.WriteUInt16BigEndian(output.GetSpan(2), (ushort)files.Count);
        output.Advance(2);
        foreach (var (name, content) in files.OrderBy(static f => f.Key, StringComparer.Ordinal))
        {
            BinaryPrimitives.WriteUInt16BigEndian(output.GetSpan(2), (ushort)name.Length);
            output.Advance(2);
            output.Write(Encoding.ASCII.GetBytes(name));
            BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(4), content.Length);
            output.Advance(4);
            output.Write(content);
        }

        pack = output.WrittenSpan.ToArray();
        return true;
    }

    public static bool TryRead(
        ReadOnlySpan<byte> pack, [NotNullWhen(true)] out IReadOnlyDictionary<string, byte[]>? files, [NotNullWhen(false)] out string? problem)
    {
        files = null;
        problem = "It is no packed bundle, or was cut or changed.";
        if (pack.Length > MaxBytes || !pack.StartsWith(Magic) || !TryTake(ref pack, Magic.Length, out _) || !TryTake(ref pack, 2, out var head))
        {
            return false;
        }

        var found = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var names = new List<string>();
        for (var left = BinaryPrimitives.ReadUInt16BigEndian(head); left > 0; left--)
        {
            if (!TryTake(ref pack, 2, out head) || !TryTake(ref pack, BinaryPrimitives.ReadUInt16BigEndian(head), out var name)
                || !Ascii.IsValid(name) || !TryTake(ref pack, 4, out head) || !TryTake(ref pack, BinaryPrimitives.ReadInt32BigEndian(head), out var content))
            {
                return false;
            }

            names.Add(Encoding.ASCII.GetString(name));
            if (names.Count > BundleLoader.MaxFiles || !found.TryAdd(names[^1], content.ToArray()))
            {
                return false;
            }
        }

        if (!pack.IsEmpty || !names.SequenceEqual(names.Order(StringComparer.Ordinal)))
        {
            return false;
        }

        if ((problem = Judge(names, found.Values.Sum(static f => (long)f.Length))) is not null)
        {
            return false;
        }

        files = found;
        return true;
    }

    /// <summary>SHA-256 over the files, as <see cref="PolicyBundle.Digest"/>.</summary>
    public static string DigestOf(IReadOnlyDictionary<string, byte[]> files) => BundleLoader.Digest(files);

    private static bool TryTake(ref ReadOnlySpan<byte> from, int length, out ReadOnlySpan<byte> taken)
    {
        if (length < 0 || length > from.Length)
        {
            taken = default;
            return false;
        }

        taken = from[..length];
        from = from[length..];
        return true;
    }

    /// <summary>A bundle is read into a folder by people too, on any system: no path leads out of it, and no two are one.</summary>
    private static string? Judge(List<string> names, long bytes)
    {
        if (names.Count is 0 or > BundleLoader.MaxFiles || bytes > BundleLoader.MaxBytes)
        {
            return $"A bundle has 1 to {BundleLoader.MaxFiles} files and at most {BundleLoader.MaxBytes / 1024 / 1024} MiB.";
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var folders = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in names)
        {
            if (name.Length is 0 or > MaxNameLength || name.AsSpan().ContainsAnyExcept(NameCharacters)
                || name.Split('/').Any(static part => part.Length == 0 || part[0] == '.' || part[^1] == '.'))
            {
                return "The path of a file is none of a bundle: letters, digits, - and _, dots inside, folders separated by /; at most 200 characters.";
            }

            if (!seen.Add(name))
            {
                return "Two files of the bundle have one name on systems that do not tell cases apart.";
            }

            for (var slash = name.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = name.IndexOf('/', slash + 1))
            {
                folders.Add(name[..slash]);
            }
        }

        return seen.Overlaps(folders) ? "A name in the bundle is a file's and a folder's." : null;
    }
}
