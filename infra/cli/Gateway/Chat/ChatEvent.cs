using Proofgate.Cli.Gateway.Wire;

namespace Proofgate.Cli.Gateway.Chat;

/// <summary>What happens while a model answers, in the order in which it happens.</summary>
internal abstract record ChatEvent
{
    private ChatEvent()
    {
    }

    /// <summary>The gateway let the call through.</summary>
    internal sealed record Started(string? AuditId, string? Label) : ChatEvent;

    internal sealed record Text(string Piece) : ChatEvent;

    /// <summary>The model's own reason to stop.</summary>
    internal sealed record Finished(string Reason) : ChatEvent;

    internal sealed record Counted(ChatUsage Usage) : ChatEvent;

    /// <summary>The answer is whole.</summary>
    internal sealed record Completed : ChatEvent;

    /// <summary>The answer is refused, or not whole.</summary>
    internal sealed record Failed(CliError Error) : ChatEvent;
}
