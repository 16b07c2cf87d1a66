namespace Proofgate.Cli.Gateway.Wire;

/// <summary>A record of activation, as <c>/manage/policy</c> gives it and <c>--json</c> prints it.</summary>
internal sealed record ActivationRecord
{
    public required string Act { get; init; }

    public required long Sequence { get; init; }

    public required string Digest { get; init; }

    public string? Previous { get; init; }

    public required string Author { get; init; }

    public required string By { get; init; }

    public required DateTimeOffset Time { get; init; }
}
