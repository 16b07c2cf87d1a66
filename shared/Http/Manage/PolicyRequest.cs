namespace Proofgate.Http.Manage;

/// <summary>Body of <c>POST /manage/policy</c>.</summary>
public sealed record PolicyRequest
{
    /// <summary>A bundle with its author's signature (base64; <see cref="Proofgate.Policy.Bundles.SignedBundle"/>).</summary>
    public required byte[] Bundle { get; init; }

    /// <summary>An approver's statement of activation (base64 of its envelope); absent: the host signs, where it may.</summary>
    public byte[]? Activation { get; init; }
}
