namespace Proofgate.Cli.Gateway.Wire;

/// <summary>What the gateway tells of an entry of its deny list (K6). Absent members are null, times are UTC.</summary>
internal sealed record DenyRecord
{
    public required string Id { get; init; }

    public required string Kind { get; init; }

    public required string Value { get; init; }

    public DateTimeOffset? Until { get; init; }

    public string? Reason { get; init; }

    public string? By { get; init; }

    public required DateTimeOffset Created { get; init; }
}
