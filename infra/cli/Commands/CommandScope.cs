using System.CommandLine;

namespace Proofgate.Cli.Commands;

/// <summary>What every command is made with.</summary>
/// <param name="Host">The process around it.</param>
/// <param name="Json">The option that all commands share.</param>
internal sealed record CommandScope(CliHost Host, Option<bool> Json);
