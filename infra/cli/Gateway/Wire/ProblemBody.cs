namespace Proofgate.Cli.Gateway.Wire;

/// <summary>An error answer: problem details (RFC 9457) from <c>/manage</c>, OpenAI's shape from <c>/v1</c>.</summary>
internal sealed record ProblemBody
{
    public string? Code { get; init; }

    public string? Detail { get; init; }

    public OpenAiError? Error { get; init; }
}
