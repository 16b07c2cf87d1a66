using Proofgate.Cedar;

namespace Proofgate.Policy;

/// <summary>The entity types and actions that policies speak of. The schema in the sample bundle describes the same names.</summary>
public static class Vocabulary
{
    private const string User = "Proofgate::User";
    private const string ClientType = "Proofgate::Client";
    private const string RoleType = "Proofgate::Role";
    private const string TenantType = "Proofgate::Tenant";
    private const string KindType = "Proofgate::Kind";
    private const string ModelType = "Proofgate::Model";
    private const string ActionType = "Proofgate::Action";

    public static EntityUid Infer { get; } = new(ActionType, "infer");

    public static EntityUid Reveal { get; } = new(ActionType, "reveal");

    public static EntityUid Disclose { get; } = new(ActionType, "disclose");

    public static EntityUid Manage { get; } = new(ActionType, "manage");

    public static EntityUid UserId(string subject) => new(User, subject);

    public static EntityUid ClientId(string client) => new(ClientType, client);

    public static EntityUid RoleId(string role) => new(RoleType, role);

    public static EntityUid TenantId(string tenant) => new(TenantType, tenant);

    public static EntityUid KindId(string kind) => new(KindType, kind);

    public static Entity Model(string name, string provider, string region, long maxLabel, bool external) => new(new EntityUid(ModelType, name))
    {
        Attributes = RecordValue.Of(("provider", provider), ("region", region), ("maxLabel", maxLabel), ("external", external)),
    };

    /// <summary>What <c>manage</c> is asked of: the keys, the policies or the audit log of a tenant.</summary>
    public static Entity KeyRing(string tenant) => Administered("Proofgate::KeyRing", tenant);

    public static Entity PolicyStore(string tenant) => Administered("Proofgate::PolicySet", tenant);

    public static Entity AuditLog(string tenant) => Administered("Proofgate::AuditLog", tenant);

    internal static bool IsModel(EntityUid uid) => uid.Type == ModelType;

    private static Entity Administered(string type, string tenant) => new(new EntityUid(type, tenant))
    {
        Attributes = RecordValue.Of(("tenant", TenantId(tenant))),
    };
}
