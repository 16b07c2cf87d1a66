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
    private const string DatasetType = "Proofgate::Dataset";
    private const string ColumnType = "Proofgate::Column";
    private const string ToolType = "Proofgate::Tool";
    private const string ActionType = "Proofgate::Action";

    public static EntityUid Infer { get; } = new(ActionType, "infer");

    public static EntityUid Query { get; } = new(ActionType, "query");

    public static EntityUid ReadRow { get; } = new(ActionType, "readRow");

    public static EntityUid ReadColumn { get; } = new(ActionType, "readColumn");

    public static EntityUid UseTool { get; } = new(ActionType, "useTool");

    public static EntityUid Reveal { get; } = new(ActionType, "reveal");

    /// <summary>As <see cref="Reveal"/>, for the last digits only.</summary>
    public static EntityUid RevealPartial { get; } = new(ActionType, "revealPartial");

    /// <summary>As <see cref="Reveal"/>, for a stable pseudonym only.</summary>
    public static EntityUid RevealPseudonym { get; } = new(ActionType, "revealPseudonym");

    public static EntityUid Disclose { get; } = new(ActionType, "disclose");

    public static EntityUid Manage { get; } = new(ActionType, "manage");

    public static EntityUid Action(string id) => new(ActionType, id);

    /// <summary>Whether the action asks about a kind of data, with a model or a source beside it.</summary>
    public static bool IsAboutKinds(EntityUid action) =>
        action == Disclose || action == Reveal || action == RevealPartial || action == RevealPseudonym;

    public static EntityUid UserId(string subject) => new(User, subject);

    public static EntityUid ClientId(string client) => new(ClientType, client);

    public static EntityUid RoleId(string role) => new(RoleType, role);

    public static EntityUid TenantId(string tenant) => new(TenantType, tenant);

    public static EntityUid KindId(string kind) => new(KindType, kind);

    public static Entity Model(string name, string provider, string region, long maxLabel, bool external) => new(new EntityUid(ModelType, name))
    {
        Attributes = RecordValue.Of(("provider", provider), ("region", region), ("maxLabel", maxLabel), ("external", external)),
    };

    public static EntityUid DatasetId(string name) => new(DatasetType, name);

    public static Entity Dataset(string name, string tenant, long label) => new(DatasetId(name))
    {
        Attributes = RecordValue.Of(("tenant", TenantId(tenant)), ("label", label)),
    };

    /// <summary>A column of a dataset, by <c>dataset.column</c>: two datasets may have columns of one name.</summary>
    public static Entity Column(string dataset, string name, long label, string? kind = null) => new(new EntityUid(ColumnType, $"{dataset}.{name}"))
    {
        Parents = [DatasetId(dataset)],
        Attributes = kind is null ? RecordValue.Of(("label", label)) : RecordValue.Of(("kind", KindId(kind)), ("label", label)),
    };

    /// <summary>Rank of the label of a dataset, a column or a tool.</summary>
    public static long LabelOf(Entity entity) => entity.Attributes.TryGet("label", out var label) && label is LongValue rank ? rank.Value : 0;

    /// <summary>The type of a dataset's rows. Names of datasets are identifiers of Cedar.</summary>
    public static string RowType(string dataset) => $"Proofgate::Row_{dataset}";

    /// <param name="name">Its public name.</param>
    /// <param name="source">Who runs it.</param>
    /// <param name="label">Rank of the label that its results carry at least.</param>
    /// <param name="external">Whether data sent to it leaves the organisation.</param>
    public static Entity Tool(string name, string source, long label, bool external) => new(new EntityUid(ToolType, name))
    {
        Attributes = RecordValue.Of(("external", external), ("label", label), ("source", source)),
    };

    /// <summary>Where a kind of data comes from, as <c>reveal</c> calls it in its context.</summary>
    internal static string SourceAttribute(EntityUid source) => IsDataset(source) ? "dataset" : IsTool(source) ? "tool" : "source";

    /// <summary>What <c>manage</c> is asked of: the keys, the policies or the audit log of a tenant.</summary>
    public static Entity KeyRing(string tenant) => Administered("Proofgate::KeyRing", tenant);

    public static Entity PolicyStore(string tenant) => Administered("Proofgate::PolicySet", tenant);

    public static Entity AuditLog(string tenant) => Administered("Proofgate::AuditLog", tenant);

    internal static bool IsModel(EntityUid uid) => uid.Type == ModelType;

    internal static bool IsDataset(EntityUid uid) => uid.Type == DatasetType;

    internal static bool IsTool(EntityUid uid) => uid.Type == ToolType;

    internal static bool IsPrincipal(EntityUid uid) => uid.Type is User or ClientType;

    private static Entity Administered(string type, string tenant) => new(new EntityUid(type, tenant))
    {
        Attributes = RecordValue.Of(("tenant", TenantId(tenant))),
    };
}
