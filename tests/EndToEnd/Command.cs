using Proofgate.Support;

namespace Proofgate.EndToEnd;

/// <summary>The <c>proofgate</c> command.</summary>
internal static class Command
{
    private static readonly Dictionary<string, string?> Environment = new() { ["PROOFGATE_GATEWAY"] = null, ["PROOFGATE_KEY"] = null };

    internal static ManagedProcess Start(string folder, params IReadOnlyList<string> args)
    {
        var process = ManagedProcess.StartAssembly(Path.Combine(AppContext.BaseDirectory, "proofgate.dll"), args, Environment, folder);
        process.Input.Close();
        return process;
    }

    internal static async Task<CommandResult> RunAsync(string folder, params IReadOnlyList<string> args)
    {
        await using var command = Start(folder, args);
        var code = await command.WaitForExitAsync();
        return new CommandResult(code, string.Join('\n', command.Output), string.Join('\n', command.Errors));
    }
}
