using Proofgate.Cedar.Expressions;

namespace Proofgate.Cedar.Evaluation;

/// <summary>One request being answered. Expressions ask it for variables and entities, and report failures to it: failing is ordinary in Cedar
/// (an attribute that is not there), so it costs no exception.</summary>
internal sealed class Evaluator(Request request, Entities entities)
{
    private EntityValue? _principal;
    private EntityValue? _action;
    private EntityValue? _resource;
    private EntityNode? _principalNode;
    private EntityNode? _resourceNode;

    public Request Request => request;

    public Entities Entities => entities;

    /// <summary>Why the last evaluation gave no value.</summary>
    public string? Failure { get; private set; }

    /// <summary>The expression that failed.</summary>
    public SourcePosition FailedAt { get; private set; }

    public Value ValueOf(Variable.Name variable) => variable switch
    {
        Variable.Name.Principal => _principal ??= new EntityValue(request.Principal),
        Variable.Name.Action => _action ??= new EntityValue(request.Action),
        Variable.Name.Resource => _resource ??= new EntityValue(request.Resource),
        _ => request.Context,
    };

    /// <summary>The entity, or null if there is none of that name. Policies ask for principal and resource again and again.</summary>
    public EntityNode? Find(EntityUid uid)
    {
        if (uid == request.Principal)
            return _principalNode ??= entities.Find(uid);
        if (uid == request.Resource)
            return _resourceNode ??= entities.Find(uid);
        return entities.Find(uid);
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
