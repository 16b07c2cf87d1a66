using System.Text.Json;
using Proofgate.Support;

namespace Proofgate.Local.Tests;

/// <summary>The program of infra/local in a process of its own.</summary>
internal static class LocalProgram
{
    internal static ManagedProcess Start(string data, IReadOnlyDictionary<string, string?>? environment = null) => ManagedProcess.StartAssembly(
        typeof(AzuriteServer).Assembly.Location,
        ["--data", data, "--blob-port", "0", "--queue-port", "0", "--table-port", "0"],
        environment,
        RepositoryRoot.Path);

    /// <summary>From the settings that it prints when it runs.</summary>
    internal static async Task<string> ConnectionStringAsync(ManagedProcess program)
    {
        await program.WaitForLineAsync("The storage runs.");
        await program.WaitForLineAsync(static line => line == "}");
        using var settings = JsonDocument.Parse(string.Join('\n', program.Output));
        return settings.RootElement.GetProperty("Proofgate__Storage__ConnectionString").GetString()!;
    }
}
