namespace Proofgate.Identity.Denials;

/// <summary>How kinds are spelled in requests, rows and events.</summary>
public static class DenyKinds
{
    private static readonly string[] Spelled = ["jti", "subject", "client", "thumbprint", "issuer-key"];

    /// <summary>In the order of <see cref="DenyKind"/>.</summary>
    public static IReadOnlyList<string> All => Spelled;

    public static string NameOf(DenyKind kind) => Spelled[(int)kind];

    public static bool TryParse(string? name, out DenyKind kind)
    {
        var at = Array.IndexOf(Spelled, name);
        kind = (DenyKind)Math.Max(at, 0);
        return at >= 0;
    }
}
