namespace Proofgate.Local.Setup;

/// <summary>A lock between processes: a file opened without sharing.</summary>
internal static class HeldFile
{
    /// <returns>Null if another holds it.</returns>
    /// <exception cref="LocalSetupException">The file cannot be made.</exception>
    internal static IDisposable? TryTake(string file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(file, e);
        }

        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw CannotWrite(file, e);
        }
        catch (IOException) when (File.Exists(file))
        {
            return null;
        }
        catch (IOException e)
        {
            throw CannotWrite(file, e);
        }
    }

    private static LocalSetupException CannotWrite(string file, Exception e) =>
        new($"{file} cannot be written ({e.Message}). Check the folder's owner and that the disk has space, or choose another folder.", e);
}
