using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Proofgate.Local.Processes;

/// <summary>The arguments of a running process that is not our child.</summary>
internal static class CommandLine
{
    /// <returns>Empty if there is no such process, it has ended, or the system does not tell.</returns>
    internal static IReadOnlyList<string> Of(int processId)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/cmdline"))
                    .Split('\0', StringSplitOptions.RemoveEmptyEntries);
            }

            return OperatingSystem.IsWindows() ? [] : AskPs(processId);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return [];
        }
    }

    /// <summary>One line, arguments joined by spaces: enough to look for a path in it.</summary>
    private static string[] AskPs(int processId)
    {
        var start = new ProcessStartInfo("/bin/ps", ["-ww", "-o", "args=", "-p", processId.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        };
        using var ps = Process.Start(start)!;
        var line = ps.StandardOutput.ReadToEnd().Trim();
        ps.WaitForExit();
        return line.Length == 0 ? [] : [line];
    }
}
