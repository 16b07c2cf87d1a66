namespace Proofgate.Cli.Local;

/// <summary>The file that a key about to be issued goes to. Disposed without a key, it leaves nothing behind.</summary>
internal sealed class NewKeyFile : IDisposable
{
    private readonly FileStream _file;
    private bool _written;

    private NewKeyFile(FileStream file) => _file = file;

    internal string Path => _file.Name;

    /// <summary>Reserves <paramref name="path"/>.</summary>
    /// <param name="path">Must not exist yet.</param>
    /// <param name="file">Null where it could not be reserved.</param>
    /// <returns>Why not, or null.</returns>
    internal static CliError? TryReserve(string path, out NewKeyFile? file)
    {
        file = null;
        if (File.Exists(path))
        {
            return CliError.Usage("key_file_exists", $"{path} exists and is not overwritten: name another file with --out, or move it away.");
        }

        try
        {
            file = new NewKeyFile(KeyFile.Reserve(path));
            return null;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return CliError.Unreachable("key_file_unwritable", $"{path} cannot be written: name another file with --out.");
        }
    }

    /// <exception cref="IOException">The disk refused bytes that it had promised.</exception>
    internal void Write(Secret key)
    {
        KeyFile.Write(_file, key);
        _written = true;
    }

    public void Dispose()
    {
        _file.Dispose();
        if (!_written)
        {
            File.Delete(_file.Name);
        }
    }
}
