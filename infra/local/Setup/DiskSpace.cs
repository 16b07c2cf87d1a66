namespace Proofgate.Local.Setup;

/// <summary>Asks before a disk is filled: half an installation or half a table file helps nobody.</summary>
internal static class DiskSpace
{
    /// <exception cref="LocalSetupException">Less is free.</exception>
    internal static void Require(string folder, long bytes, string what)
    {
        if (Free(folder) is { } free && free < bytes)
        {
            throw new LocalSetupException(
                $"The disk of {folder} has {free >> 20} MB free, and {what} need {bytes >> 20} MB. Make space, or choose another folder.");
        }
    }

    private static long? Free(string folder)
    {
        try
        {
            var path = Path.GetFullPath(folder);
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(path)! : path).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Some file systems do not tell; then the writing itself does.
            return null;
        }
    }
}
