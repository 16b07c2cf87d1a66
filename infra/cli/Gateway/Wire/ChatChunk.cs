namespace Proofgate.Cli.Gateway.Wire;

/// <summary>One event of a stream (<c>chat.completion.chunk</c>), a whole answer (<c>chat.completion</c>), or an in-band error.</summary>
internal sealed record ChatChunk
{
    public IReadOnlyList<ChatChoice>? Choices { get; init; }

    public ChatUsage? Usage { get; init; }

    public OpenAiError? Error { get; init; }
}
