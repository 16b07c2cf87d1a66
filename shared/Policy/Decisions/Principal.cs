using Proofgate.Cedar;
using Proofgate.Identity;

namespace Proofgate.Policy.Decisions;

/// <summary>The caller, or one who acts for the caller, as a Cedar principal with the entities that it is in.</summary>
internal sealed class Principal
{
    private Principal(Entity self)
    {
        Self = self;
        Entities = Entities.Create([self]);
    }

    internal Entity Self { get; }

    internal EntityUid Uid => Self.Uid;

    internal Entities Entities { get; }

    /// <summary>
    /// The subject first, then each actor once. An actor has no roles of its own from this credential: least privilege. An application that names
    /// itself as actor is the subject.
    /// </summary>
    internal static IReadOnlyList<Principal> Of(Caller caller)
    {
        var subject = new Principal(new Entity(caller.Kind == SubjectKind.User ? Vocabulary.UserId(caller.Subject) : Vocabulary.ClientId(caller.Subject))
        {
            Parents = [.. caller.Roles.Concat(caller.Groups).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(Vocabulary.RoleId)],
            Attributes = RecordValue.Of(("tenant", Vocabulary.TenantId(caller.Tenant)), ("clearance", caller.Clearance)),
        });
        return caller.Actors.Count == 0
            ? [subject]
            : [subject, .. caller.Actors.Distinct(StringComparer.Ordinal).Select(a => ActorOf(a, caller.Tenant)).Where(a => a.Uid != subject.Uid)];
    }

    private static Principal ActorOf(string actor, string tenant) => new(new Entity(Vocabulary.ClientId(actor))
    {
        Attributes = RecordValue.Of(("tenant", Vocabulary.TenantId(tenant)), ("clearance", 0L)),
    });
}
