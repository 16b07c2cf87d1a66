namespace Proofgate.Cli.Local;

/// <summary>Key files: read with a bound, written for the owner alone and never over another.</summary>
internal static class KeyFile
{
    internal const string AdministratorName = "admin-key";
    internal const string SampleName = "sample-key";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OthersRead = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Reads the key in <paramref name="path"/>; null where the file holds none.</summary>
    /// <exception cref="IOException">The file is missing or unreadable.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is not ours to read.</exception>
    internal static Secret? Read(string path)
    {
        using var reader = new StreamReader(path);
        var buffer = new char[Secret.MaxLength + 2];
        var length = reader.ReadBlock(buffer);
        return Secret.Parse(new string(buffer, 0, length));
    }

    internal static bool IsReadByOthers(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OthersRead) != 0;

    /// <summary>
    /// Makes the file before the key exists, so that a full disk or a missing folder is found out while nothing is lost. Mode 0600; its
    /// folder, if it has to be made, 0700.
    /// </summary>
    /// <exception cref="IOException">The file exists, or cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours to write.</exception>
    internal static FileStream Reserve(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            PreallocationSize = Secret.MaxLength,
        };
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, options);
    }

    internal static void Write(FileStream file, Secret key)
    {
        Span<byte> line = stackalloc byte[Secret.MaxLength + 1];
        var length = System.Text.Encoding.ASCII.GetBytes(key.Reveal(), line);
        line[length++] = (byte)'\n';
        file.Write(line[..length]);
        file.SetLength(length);
        file.Flush(flushToDisk: true);
    }
}
