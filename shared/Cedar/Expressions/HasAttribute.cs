using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary><c>target has name</c> and <c>target has a.b.c</c>, which is <c>target has a &amp;&amp; target.a has b &amp;&amp; ...</c></summary>
internal sealed class HasAttribute : Expression
{
    private readonly string[] _path;

    public HasAttribute(SourcePosition position, Expression target, string[] path)
        : base(position)
    {
        (Target, _path) = (target, path);
        Height = Above(target);
    }

    public Expression Target { get; }

    /// <summary>At least one name.</summary>
    public ReadOnlySpan<string> Path => _path;

    public override Value? Evaluate(Evaluator evaluator)
    {
        var at = Target.Evaluate(evaluator);
        foreach (var name in _path)
        {
            RecordValue? attributes;
            switch (at)
            {
                case RecordValue record:
                    attributes = record;
                    break;
                case EntityValue entity:
                    attributes = evaluator.Find(entity.Uid)?.Entity.Attributes;
                    break;
                case { } other:
                    return evaluator.FailType(Target, "record or entity", other);
                default:
                    return null;
            }

            if (attributes is null || !attributes.TryGet(name, out at))
                return BoolValue.False;
        }

        return BoolValue.True;
    }
}
