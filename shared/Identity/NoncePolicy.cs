namespace Proofgate.Identity;

/// <summary>Whether proofs need a nonce that this deployment gave out lately (D10; RFC 9449, 9).</summary>
public enum NoncePolicy
{
    /// <summary>None is given out, and none looked at.</summary>
    Off,

    /// <summary>One is offered with each success; who sends one must send a right one.</summary>
    Optional,

    /// <summary>A proof without one is answered <c>use_dpop_nonce</c>. A proof that was made beforehand is of no use then.</summary>
    Required,
}
