namespace Proofgate.Cli.Gateway.Wire;

/// <summary>One event of <c>/manage/decisions</c>, and one line of <c>watch --json</c>.</summary>
internal sealed record WatchedEvent
{
    /// <summary><c>decision</c>, or <c>dropped</c> with <see cref="Count"/>, or <c>end</c> with <see cref="Reason"/>.</summary>
    public string? Event { get; init; }

    public string? Id { get; init; }

    public DateTimeOffset? Time { get; init; }

    public bool? Allowed { get; init; }

    public string? Route { get; init; }

    public string? Method { get; init; }

    public string? Dialect { get; init; }

    public bool? Stream { get; init; }

    public string? Model { get; init; }

    public string? Auth { get; init; }

    public bool? Bound { get; init; }

    public string? Key { get; init; }

    public string? Subject { get; init; }

    public string? Action { get; init; }

    public string? Resource { get; init; }

    public IReadOnlyList<string>? Policies { get; init; }

    public IReadOnlyList<string>? Errors { get; init; }

    public string? Label { get; init; }

    public IReadOnlyDictionary<string, long>? Kinds { get; init; }

    public IReadOnlyList<string>? Datasets { get; init; }

    public IReadOnlyList<string>? Lineage { get; init; }

    public string? Session { get; init; }

    public string? PolicyDigest { get; init; }

    public int? Status { get; init; }

    public string? Reason { get; init; }

    public long? Count { get; init; }
}
