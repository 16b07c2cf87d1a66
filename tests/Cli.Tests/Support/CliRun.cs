using System.Text.Json;

namespace Proofgate.Cli.Tests.Support;

/// <summary>What a run left behind.</summary>
internal sealed record CliRun(int Exit, string Out, string Error)
{
    internal JsonElement Json => JsonDocument.Parse(Out).RootElement;
}
