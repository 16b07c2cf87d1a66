using Proofgate.Cli.Gateway.Wire;

namespace Proofgate.Cli.Gateway.Watch;

/// <summary>What happens while decisions are watched over one connection.</summary>
internal abstract record WatchStep
{
    private WatchStep()
    {
    }

    /// <summary>The gateway streams.</summary>
    internal sealed record Connected : WatchStep;

    internal sealed record Seen(WatchedEvent Event) : WatchStep;

    /// <summary>The gateway would not; trying again would be answered the same.</summary>
    internal sealed record Refused(CliError Error) : WatchStep;

    /// <summary>The connection is gone, or there is none at the moment; it may come back.</summary>
    internal sealed record Lost(CliError Error) : WatchStep;
}
