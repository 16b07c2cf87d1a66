using System.Runtime.InteropServices;

namespace Proofgate.Local.Processes;

/// <summary>POSIX signals, which .NET can receive but not send. On Windows nothing is sent: there the closed stdin ends a child.</summary>
internal static class Signals
{
    private const int Sigint = 2;
    private const int Sigkill = 9;
    private const int Sigterm = 15;

    internal static void Interrupt(int processId) => Send(processId, Sigint);

    internal static void Terminate(int processId) => Send(processId, Sigterm);

    internal static void Kill(int processId) => Send(processId, Sigkill);

    private static void Send(int processId, int signal)
    {
        // 0 and below name groups of processes.
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(processId, 1);
        if (!OperatingSystem.IsWindows())
            _ = NativeKill(processId, signal);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeKill(int processId, int signal);
}
