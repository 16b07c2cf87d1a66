namespace Proofgate.Cli.Gateway.Wire;

/// <summary>Body of <c>POST /manage/deny</c>. Null members are not sent.</summary>
internal sealed record DenyRequest
{
    public required string Kind { get; init; }

    public required string Value { get; init; }

    public DateTimeOffset? Until { get; init; }

    public string? Reason { get; init; }

    public bool? Force { get; init; }
}
