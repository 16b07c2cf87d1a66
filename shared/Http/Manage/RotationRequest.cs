namespace Proofgate.Http.Manage;

/// <summary>Body of <c>POST /manage/keys/{kid}/rotate</c>.</summary>
public sealed record RotationRequest
{
    /// <summary>Hours that the old key lives on, 0 to 720. Default 24.</summary>
    public double? OverlapHours { get; init; }
}
