using System.Diagnostics;

namespace Proofgate.Local.Processes;

/// <summary>Runs a program to its end and collects what it wrote.</summary>
internal static class ShortProcess
{
    /// <exception cref="OperationCanceledException">The program and its children were killed.</exception>
    internal static async Task<ProcessEnd> RunAsync(
        string file, IEnumerable<string> arguments, string folder, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = Process.Start(new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return new ProcessEnd(process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        }
        finally
        {
            // Nothing to do after a normal end. After Ctrl-C nothing may go on writing into node_modules.
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
