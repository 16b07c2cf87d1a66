namespace Proofgate.Http.Manage;

/// <summary>Body of <c>POST /manage/policy/check</c>.</summary>
public sealed record PolicyCheckRequest
{
    /// <summary>A bundle with its author's signature (base64; <see cref="Proofgate.Policy.Bundles.SignedBundle"/>).</summary>
    public required byte[] Bundle { get; init; }
}
