using System.Text.Json;
using Proofgate.Support;

namespace Proofgate.Local.Tests;

/// <summary>The program of infra/local in a process of its own.</summary>
internal static class LocalProgram
{
    internal static ManagedProcess Start(string data, IReadOnlyDictionary<string, string?>? environment = null, params string[] more) => ManagedProcess.StartAssembly(
        typeof(AzuriteServer).Assembly.Location,
        ["--data", data, "--hub-port", "0", "--blob-port", "0", "--queue-port", "0", "--table-port", "0", .. more],
        environment,
        RepositoryRoot.Path);

    /// <summary>From the settings that it prints when it runs.</summary>
    internal static async Task<string> ConnectionStringAsync(ManagedProcess program) =>
        (await SettingsAsync(program)).GetProperty("Proofgate__Storage__ConnectionString").GetString()!;

    internal static async Task<JsonElement> SettingsAsync(ManagedProcess program)
    {
        await program.WaitForLineAsync("Ctrl-C ends this.");
        await program.WaitForLineAsync(static line => line == "}");
        return JsonDocument.Parse(string.Join('\n', program.Output)).RootElement;
    }
}
