using Proofgate.Cedar;
using Proofgate.Policy.Decisions;

namespace Proofgate.Policy.Bundles;

/// <summary>One request of each form that the gateway asks, with every fact and with none that may be absent: what a schema must describe.</summary>
internal static class Questions
{
    private const string Tenant = "tenant";

    internal static Entity User { get; } = Subject(Vocabulary.UserId("user"));

    internal static Entity Client { get; } = Subject(Vocabulary.ClientId("client"));

    internal static IReadOnlyList<(Request Request, Entity Resource)> All { get; } = [.. Forms()];

    private static IEnumerable<(Request Request, Entity Resource)> Forms()
    {
        var model = Vocabulary.Model("model", "provider", "region", 0, external: true);
        (string, Value) source = ("source", model.Uid);
        foreach (var action in new[] { Vocabulary.Infer, Vocabulary.Disclose })
        {
            foreach (var form in Of(action, model))
            {
                yield return form;
            }
        }

        foreach (var action in new[] { Vocabulary.Reveal, Vocabulary.RevealPartial, Vocabulary.RevealPseudonym })
        {
            foreach (var form in Of(action, new Entity(Vocabulary.KindId("KIND")), source))
            {
                yield return form;
            }
        }

        // What of a tool's arguments is in it is for the bundle's author to say; a provider's own tool is asked about without.
        var tool = Vocabulary.Tool("tool", "source", 0, external: true);
        (string, Value) arguments = ("arguments", RecordValue.Empty);
        var ofTool = Of(Vocabulary.UseTool, tool).Concat(Of(Vocabulary.UseTool, tool, arguments)).Concat(Of(Vocabulary.Disclose, tool, arguments));
        foreach (var form in ofTool.Concat(Of(Vocabulary.Reveal, new Entity(Vocabulary.KindId("KIND")), ("tool", tool.Uid), arguments)))
        {
            yield return form;
        }

        foreach (var form in new[] { Vocabulary.KeyRing(Tenant), Vocabulary.PolicyStore(Tenant), Vocabulary.AuditLog(Tenant) }.SelectMany(r => Of(Vocabulary.Manage, r)))
        {
            yield return form;
        }
    }

    internal static IEnumerable<(Request Request, Entity Resource)> Of(BundleQuestion question) => Of(question.Action, question.Resource, [.. question.More]);

    private static IEnumerable<(Request Request, Entity Resource)> Of(EntityUid action, Entity resource, params (string Name, Value Value)[] more)
    {
        foreach (var principal in new[] { User.Uid, Client.Uid })
        {
            yield return (new Request(principal, action, resource.Uid, CallContext.Example(whole: true, more)), resource);
            yield return (new Request(principal, action, resource.Uid, CallContext.Example(whole: false, more)), resource);
        }
    }

    private static Entity Subject(EntityUid uid) => new(uid)
    {
        Parents = [Vocabulary.RoleId("role")],
        Attributes = RecordValue.Of(("tenant", Vocabulary.TenantId(Tenant)), ("clearance", 0L)),
    };
}
