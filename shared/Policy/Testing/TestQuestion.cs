using Proofgate.Cedar;
using Proofgate.Identity;
using Proofgate.Policy.Decisions;

namespace Proofgate.Policy.Testing;

/// <summary>One combination as a question to policy.</summary>
internal sealed class TestQuestion
{
    private readonly Caller _caller;
    private readonly EntityUid _action;
    private readonly TestResource _resource;
    private readonly TestContext _context;

    internal TestQuestion(TestPrincipal principal, string action, TestResource resource, TestContext context)
    {
        (_action, _resource, _context) = (Vocabulary.Action(action), resource, context);
        var caller = principal.Caller;
        _caller = caller with
        {
            Address = context.Address ?? caller.Address,
            Bound = context.Bound ?? caller.Bound,
            Acr = context.Acr ?? caller.Acr,
            AuthTime = (context.Age ?? principal.Age) is { } age ? context.Now - age : null,
            // The credential is good at any clock of the tests: whether it is, is not policy's question.
            Expires = DateTimeOffset.MaxValue,
        };
    }

    /// <summary>Asks as the gateway does.</summary>
    internal Decision Ask(PolicyBundle bundle)
    {
        var inquiry = new Inquiry(bundle, _caller, _context.Now);
        return _resource.Kind is { } kind
            ? inquiry.Ask(_action, kind, _resource.Entity, _context.Facts)
            : inquiry.Decide(_action, _resource.Entity, _context.Facts);
    }

    /// <summary>What <see cref="Ask"/> makes of it: a request for each principal.</summary>
    internal IEnumerable<(Request Request, Entities Entities)> Requests(PolicyBundle bundle)
    {
        var entity = _resource.Entity;
        var isKind = _resource.Kind is not null && _action != Vocabulary.Disclose;
        var facts = _resource.Kind is { } kind && !isKind ? _context.Facts with { Kinds = [kind] } : _context.Facts;
        var context = isKind
            ? CallContext.Build(_caller, facts, bundle.TimeZone, _context.Now, (Vocabulary.SourceAttribute(entity.Uid), entity.Uid))
            : CallContext.Build(_caller, facts, bundle.TimeZone, _context.Now);
        foreach (var principal in Principal.Of(_caller))
        {
            var resource = isKind ? Vocabulary.KindId(_resource.Kind!) : entity.Uid;
            yield return (new Request(principal.Uid, _action, resource, context), principal.Entities.With([entity]));
        }
    }
}
