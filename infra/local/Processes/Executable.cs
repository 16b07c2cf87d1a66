namespace Proofgate.Local.Processes;

/// <summary>Finds a program as a shell does.</summary>
internal static class Executable
{
    private const UnixFileMode MayRun = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly string[] Extensions = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];

    /// <param name="name">Without extension.</param>
    /// <param name="searchPath">Folders in the form of PATH; relative ones are ignored.</param>
    internal static string? Find(string name, string searchPath) => (
        from folder in searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        where Path.IsPathFullyQualified(folder)
        from extension in Extensions
        select Path.Combine(folder, name + extension)).FirstOrDefault(CanRun);

    private static bool CanRun(string file) =>
        File.Exists(file) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & MayRun) != 0);
}
