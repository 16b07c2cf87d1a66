using Proofgate.Cedar.Expressions;

namespace Proofgate.Cedar.Evaluation;

/// <summary>One request being answered. Expressions ask it for variables and entities, and report failures to it: failing is ordinary in Cedar
/// (an attribute that is not there), so it costs no exception.</summary>
internal sealed class Evaluator
{
    private Request? _request;
    private Entities? _entities;
    private EntityValue? _principal;
    private EntityValue? _action;
    private EntityValue? _resource;
    private EntityNode? _principalNode;
    private EntityNode? _resourceNode;

    /// <summary>To be started.</summary>
    public Evaluator()
    {
    }

    public Evaluator(Request request, Entities entities) => Start(request, entities);

    public Request Request => _request!;

    public Entities Entities => _entities!;

    /// <summary>Why the last evaluation gave no value.</summary>
    public string? Failure { get; private set; }

    /// <summary>The expression that failed.</summary>
    public SourcePosition FailedAt { get; private set; }

    /// <summary>Forgets the last request and takes up this one, or none.</summary>
    public void Start(Request? request, Entities? entities)
    {
        (_request, _entities) = (request, entities);
        (_principal, _action, _resource) = (null, null, null);
        (_principalNode, _resourceNode) = (null, null);
        (Failure, FailedAt) = (null, default);
    }

    public Value ValueOf(Variable.Name variable) => variable switch
    {
        Variable.Name.Principal => _principal ??= Find(Request.Principal)?.Value ?? new EntityValue(Request.Principal),
        Variable.Name.Action => _action ??= Find(Request.Action)?.Value ?? new EntityValue(Request.Action),
        Variable.Name.Resource => _resource ??= Find(Request.Resource)?.Value ?? new EntityValue(Request.Resource),
        _ => Request.Context,
    };

    /// <summary>The entity, or null if there is none of that name. Policies ask for principal and resource again and again.</summary>
    public EntityNode? Find(EntityUid uid)
    {
        if (uid == Request.Principal)
            return _principalNode ??= Entities.Find(uid);
        if (uid == Request.Resource)
            return _resourceNode ??= Entities.Find(uid);
        return Entities.Find(uid);
    }

    /// <summary>Records a failure. Returns null, which is the "value" of a failed expression.</summary>
    public Value? Fail(Expression at, string message)
    {
        Failure = message;
        FailedAt = at.Position;
        return null;
    }

    /// <summary>Records that <paramref name="actual"/> is of the wrong kind. The value itself stays out of the message: it may be personal.</summary>
    public Value? FailType(Expression at, string expected, Value actual) =>
        Fail(at, $"type error: expected {expected}, got {actual.Kind}");

    /// <summary>Evaluates a condition or an operand that must be a bool.</summary>
    /// <returns>Null if it failed or is no bool.</returns>
    public bool? Test(Expression expression)
    {
        var value = expression.Evaluate(this);
        if (value is BoolValue test)
            return test.Value;

        if (value is not null)
            FailType(expression, "bool", value);
        return null;
    }
}
