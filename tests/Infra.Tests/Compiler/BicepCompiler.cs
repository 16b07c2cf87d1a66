using System.Diagnostics;
using System.Reflection;

namespace Proofgate.Infra.Tests.Compiler;

/// <summary>The Bicep compiler: it knows syntax, linter and every published resource type, and needs no network.</summary>
internal static class BicepCompiler
{
    internal static string Program { get; } =
        typeof(BicepCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "Bicep").Value!;

    internal static bool Runs => OperatingSystem.IsLinux() && System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64;

    /// <returns>Exit code, what it wrote, and what it found: one diagnostic a line.</returns>
    internal static async Task<(int ExitCode, string Output, string Found)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        start.Environment["BICEP_TRACING_ENABLED"] = null;
        using var process = Process.Start(start)!;
        var (output, found) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await found);
    }
}
