namespace Proofgate.Http.Manage;

/// <summary>Body of <c>POST /manage/init</c>.</summary>
public sealed record InitializationRequest
{
    public string? Name { get; init; }

    public string? Owner { get; init; }

    public string? Tenant { get; init; }
}
