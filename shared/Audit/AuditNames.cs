namespace Proofgate.Audit;

/// <summary>What a deployment may call its logs.</summary>
public static class AuditNames
{
    /// <summary>Whether these can be <see cref="AuditOptions.Origin"/> and <see cref="AuditOptions.Hub"/>.</summary>
    public static bool AreUsable(string origin, string hub) => AuditOptionsCheck.IsOrigin(origin) && AuditOptionsCheck.IsHubName(hub);
}
