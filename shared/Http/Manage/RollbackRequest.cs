namespace Proofgate.Http.Manage;

/// <summary>Body of <c>POST /manage/policy/rollback</c>.</summary>
public sealed record RollbackRequest
{
    /// <summary>The bundle to go back to; absent: the one that decided before.</summary>
    public string? Digest { get; init; }

    /// <summary>An approver's statement of activation (base64 of its envelope); absent: the host signs, where it may.</summary>
    public byte[]? Activation { get; init; }
}
