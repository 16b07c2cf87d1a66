namespace Proofgate.Identity;

/// <summary>The schemes of <c>Authorization</c> that are taken. A key in a header of its own counts as <see cref="Bearer"/>.</summary>
public enum AuthenticationScheme
{
    Bearer,

    /// <summary>RFC 9449, 7.1.</summary>
    DPoP,
}
