namespace Proofgate.Identity;

/// <summary>The credential's kind: <c>context.auth.method</c> in policy.</summary>
public enum AuthenticationMethod
{
    ApiKey,
    Jwt,
}
