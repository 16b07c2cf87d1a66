namespace Proofgate.Http.Manage;

/// <summary>Body of <c>POST /manage/keys/{kid}/bind</c>.</summary>
public sealed record BindingRequest
{
    /// <summary>A DPoP proof (RFC 9449, 4.2, without <c>ath</c>) by the key pair, for this very request.</summary>
    public required string Proof { get; init; }
}
