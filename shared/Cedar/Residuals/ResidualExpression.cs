using Proofgate.Cedar.Explaining;
using Proofgate.Cedar.Expressions;
using Proofgate.Cedar.Extensions;
using Operators = Proofgate.Cedar.Expressions;

namespace Proofgate.Cedar.Residuals;

/// <summary>
/// An expression of Cedar over what is unknown, with all that is known put in: a closed family, so that whoever translates it into another language
/// handles each case or refuses. Operands are evaluated in order; <c>&amp;&amp;</c> and <c>||</c> stop as early as Cedar's do. An expression
/// fails if an operand fails, an attribute is not there or a value is of the wrong kind: see <see cref="CanFail"/>.
/// </summary>
public abstract record ResidualExpression
{
    private ResidualExpression()
    {
    }

    /// <summary>Whether evaluation can give an error instead of a value. Never false where it can; true where it is not known to be impossible.</summary>
    public abstract bool CanFail { get; }

    /// <summary>The operands, in order.</summary>
    public abstract IReadOnlyList<ResidualExpression> Operands { get; }

    /// <summary>It is a bool, if it does not fail.</summary>
    internal virtual bool IsBool => true;

    /// <summary>Whether asking it for a bool can fail.</summary>
    internal bool CanFailAsTest => CanFail || !IsBool;

    /// <summary>The same as an expression of the evaluator.</summary>
    internal abstract Expression Lower();

    private static readonly SourcePosition At = SourcePosition.Start;

    /// <summary>Cedar syntax, canonical, but for <see cref="Holds"/>, for which Cedar has no words.</summary>
    public sealed override string ToString() => ExpressionText.Of(Lower());

    private protected static bool AnyFails(IEnumerable<ResidualExpression> operands) => operands.Any(static o => o.CanFail);

    private protected static Expression[] LowerAll(IEnumerable<ResidualExpression> operands) => [.. operands.Select(static o => o.Lower())];

    public sealed record Literal(Value Value) : ResidualExpression
    {
        public override bool CanFail => false;

        public override IReadOnlyList<ResidualExpression> Operands => [];

        internal override bool IsBool => Value is BoolValue;

        internal override Expression Lower() => new Operators.Literal(At, Value);
    }

    /// <summary>Always fails. In Cedar syntax <c>{}.error</c>.</summary>
    /// <param name="Message">Why, as in <see cref="PolicyEvaluationError.Message"/>.</param>
    /// <param name="Position">Where in the policy's text.</param>
    public sealed record Failure(string Message, SourcePosition Position) : ResidualExpression
    {
        public override bool CanFail => true;

        public override IReadOnlyList<ResidualExpression> Operands => [];

        internal override Expression Lower() => new Failing(Position, Message);
    }

    /// <summary>The unknown itself: the resource, which is an entity, or the context, a record of which something is unknown.</summary>
    public sealed record Unknown(Unknown.Part Which) : ResidualExpression
    {
        public enum Part
        {
            Resource,
            Context,
        }

        public override bool CanFail => false;

        public override IReadOnlyList<ResidualExpression> Operands => [];

        internal override bool IsBool => false;

        internal override Expression Lower() => new Variable(At, Which == Part.Resource ? Variable.Name.Resource : Variable.Name.Context);
    }

    /// <summary><c>target.name</c>; fails if it is not there.</summary>
    public sealed record Get(ResidualExpression Target, string Name) : ResidualExpression
    {
        public override bool CanFail => true;

        public override IReadOnlyList<ResidualExpression> Operands => [Target];

        internal override bool IsBool => false;

        internal override Expression Lower() => new GetAttribute(At, Target.Lower(), Name);
    }

    /// <summary><c>target has a.b.c</c>: whether the attribute is there, and in it the next.</summary>
    public sealed record Has(ResidualExpression Target, IReadOnlyList<string> Path) : ResidualExpression
    {
        public override bool CanFail => Target is not Unknown || Path.Count > 1;

        public override IReadOnlyList<ResidualExpression> Operands => [Target];

        internal override Expression Lower() => new HasAttribute(At, Target.Lower(), [.. Path]);
    }

    /// <summary><c>target.getTag(name)</c>; fails if it is not there.</summary>
    public sealed record Tag(ResidualExpression Target, ResidualExpression Name) : ResidualExpression
    {
        public override bool CanFail => true;

        public override IReadOnlyList<ResidualExpression> Operands => [Target, Name];

        internal override bool IsBool => false;

        internal override Expression Lower() => new GetTag(At, Target.Lower(), Name.Lower());
    }

    /// <summary><c>target.hasTag(name)</c>.</summary>
    public sealed record HasTag(ResidualExpression Target, ResidualExpression Name) : ResidualExpression
    {
        public override bool CanFail => Target is not Unknown { Which: Unknown.Part.Resource } || Name is not Literal { Value: StringValue };

        public override IReadOnlyList<ResidualExpression> Operands => [Target, Name];

        internal override Expression Lower() => new Operators.HasTag(At, Target.Lower(), Name.Lower());
    }

    /// <summary><c>left == right</c>, or with <paramref name="Negated"/> <c>left != right</c>. Values of different kinds are unequal.</summary>
    public sealed record Equal(ResidualExpression Left, ResidualExpression Right, bool Negated) : ResidualExpression
    {
        public override bool CanFail => Left.CanFail || Right.CanFail;

        public override IReadOnlyList<ResidualExpression> Operands => [Left, Right];

        internal override Expression Lower() => new Equality(At, Left.Lower(), Right.Lower(), Negated);
    }

    /// <summary>An order: both are longs, datetimes or durations, or it fails.</summary>
    public sealed record Compare(Compare.Operator Op, ResidualExpression Left, ResidualExpression Right) : ResidualExpression
    {
        public enum Operator
        {
            Less,
            LessOrEqual,
            Greater,
            GreaterOrEqual,
        }

        public override bool CanFail => true;

        public override IReadOnlyList<ResidualExpression> Operands => [Left, Right];

        internal override Expression Lower() => new Comparison(At, (Comparison.Operator)Op, Left.Lower(), Right.Lower());
    }

    /// <summary><c>left in right</c>: the entity is the right one, or one of a set, or in it by its parents.</summary>
    public sealed record In(ResidualExpression Left, ResidualExpression Right) : ResidualExpression
    {
        public override bool CanFail => !IsEntity(Left) || !(IsEntity(Right) || IsEntities(Right));

        public override IReadOnlyList<ResidualExpression> Operands => [Left, Right];

        internal override Expression Lower() => new Membership(At, Left.Lower(), Right.Lower());

        private static bool IsEntity(ResidualExpression operand) =>
            operand is Unknown { Which: Unknown.Part.Resource } or Literal { Value: EntityValue };

        private static bool IsEntities(ResidualExpression operand) =>
            operand is Literal { Value: SetValue set } && set.AsSpan().ToArray().All(static v => v is EntityValue);
    }

    /// <summary><c>target is Type</c>, or with <paramref name="Within"/> <c>target is Type in within</c>, which looks at that only if the type fits.</summary>
    public sealed record Is(ResidualExpression Target, string Type, ResidualExpression? Within) : ResidualExpression
    {
        public override bool CanFail => true;

        public override IReadOnlyList<ResidualExpression> Operands => Within is null ? [Target] : [Target, Within];

        internal override Expression Lower() => new IsType(At, Target.Lower(), Type, Within?.Lower());
    }

    /// <summary><c>target.contains(argument)</c>, <c>containsAll</c>, <c>containsAny</c>.</summary>
    public sealed record Contains(Contains.Operator Op, ResidualExpression Target, ResidualExpression Argument) : ResidualExpression
    {
        public enum Operator
        {
            One,
            All,
            Any,
        }

        public override bool CanFail => Target is not Literal { Value: SetValue }
            || (Op == Operator.One ? Argument.CanFail : Argument is not Literal { Value: SetValue });

        public override IReadOnlyList<ResidualExpression> Operands => [Target, Argument];

        internal override Expression Lower() => new SetTest(At, (SetTest.Operator)Op, Target.Lower(), Argument.Lower());
    }

    /// <summary><c>target.isEmpty()</c>.</summary>
    public sealed record IsEmpty(ResidualExpression Target) : ResidualExpression
    {
        public override bool CanFail => true;

        public override IReadOnlyList<ResidualExpression> Operands => [Target];

        internal override Expression Lower() => new Operators.IsEmpty(At, Target.Lower());
    }

    /// <summary><c>target like pattern</c>.</summary>
    /// <param name="Segments">The texts of the pattern, at least one, with a star between each two of them: <c>"a*"</c> is "a" and "".</param>
    public sealed record Like(ResidualExpression Target, IReadOnlyList<string> Segments) : ResidualExpression
    {
        public override bool CanFail => true;

        public override IReadOnlyList<ResidualExpression> Operands => [Target];

        internal override Expression Lower() => new Operators.Like(At, Target.Lower(), new Pattern([.. Segments]));
    }

    /// <summary><c>+</c>, <c>-</c> and <c>*</c> on 64-bit integers; overflow fails.</summary>
    public sealed record Calculate(Calculate.Operator Op, ResidualExpression Left, ResidualExpression Right) : ResidualExpression
    {
        public enum Operator
        {
            Add,
            Subtract,
            Multiply,
        }

        public override bool CanFail => true;

        public override IReadOnlyList<ResidualExpression> Operands => [Left, Right];

        internal override bool IsBool => false;

        internal override Expression Lower() => new Arithmetic(At, (Arithmetic.Operator)Op, Left.Lower(), Right.Lower());
    }

    /// <summary><c>-operand</c>; fails for the lowest integer.</summary>
    public sealed record Negate(ResidualExpression Operand) : ResidualExpression
    {
        public override bool CanFail => true;

        public override IReadOnlyList<ResidualExpression> Operands => [Operand];

        internal override bool IsBool => false;

        internal override Expression Lower() => new Operators.Negate(At, Operand.Lower());
    }

    /// <summary>A function of decimal, ipaddr, datetime or duration; a method has the value it is called on as its first argument.</summary>
    public sealed record Call(string Function, IReadOnlyList<ResidualExpression> Arguments) : ResidualExpression
    {
        public override bool CanFail => true;

        public override IReadOnlyList<ResidualExpression> Operands => Arguments;

        internal override bool IsBool => Function is "lessThan" or "lessThanOrEqual" or "greaterThan" or "greaterThanOrEqual"
            or "isIpv4" or "isIpv6" or "isLoopback" or "isMulticast" or "isInRange";

        internal override Expression Lower() => new ExtensionCall(At, ExtensionFunctions.Find(Function)!, LowerAll(Arguments));
    }

    /// <summary><c>[a, b]</c> with something unknown in it.</summary>
    public sealed record SetOf(IReadOnlyList<ResidualExpression> Items) : ResidualExpression
    {
        public override bool CanFail => AnyFails(Items);

        public override IReadOnlyList<ResidualExpression> Operands => Items;

        internal override bool IsBool => false;

        internal override Expression Lower() => new SetExpression(At, LowerAll(Items));
    }

    /// <summary><c>{name: value}</c> with something unknown in it.</summary>
    public sealed record RecordOf(IReadOnlyList<string> Names, IReadOnlyList<ResidualExpression> Values) : ResidualExpression
    {
        public override bool CanFail => AnyFails(Values);

        public override IReadOnlyList<ResidualExpression> Operands => Values;

        internal override bool IsBool => false;

        internal override Expression Lower() => new RecordExpression(At, [.. Names], LowerAll(Values));
    }

    /// <summary><c>a &amp;&amp; b &amp;&amp; ...</c>, at least two. The first that is false ends it, also before one that would fail.</summary>
    public sealed record And(IReadOnlyList<ResidualExpression> Terms) : ResidualExpression
    {
        public override bool CanFail { get; } = Terms.Any(static t => t.CanFailAsTest);

        public override IReadOnlyList<ResidualExpression> Operands => Terms;

        internal override Expression Lower() => new Conjunction(At, LowerAll(Terms));
    }

    /// <summary><c>a || b || ...</c>, at least two. The first that is true ends it, also before one that would fail.</summary>
    public sealed record Or(IReadOnlyList<ResidualExpression> Terms) : ResidualExpression
    {
        public override bool CanFail { get; } = Terms.Any(static t => t.CanFailAsTest);

        public override IReadOnlyList<ResidualExpression> Operands => Terms;

        internal override Expression Lower() => new Disjunction(At, LowerAll(Terms));
    }

    /// <summary><c>!operand</c>.</summary>
    public sealed record Not(ResidualExpression Operand) : ResidualExpression
    {
        public override bool CanFail { get; } = Operand.CanFailAsTest;

        public override IReadOnlyList<ResidualExpression> Operands => [Operand];

        internal override Expression Lower() => new Operators.Not(At, Operand.Lower());
    }

    /// <summary><c>if test then consequent else alternative</c>; only the branch taken is evaluated.</summary>
    public sealed record If(ResidualExpression Test, ResidualExpression Consequent, ResidualExpression Alternative) : ResidualExpression
    {
        public override bool CanFail { get; } = Test.CanFailAsTest || Consequent.CanFail || Alternative.CanFail;

        public override IReadOnlyList<ResidualExpression> Operands => [Test, Consequent, Alternative];

        internal override bool IsBool { get; } = Consequent.IsBool && Alternative.IsBool;

        internal override Expression Lower() => new Conditional(At, Test.Lower(), Consequent.Lower(), Alternative.Lower());
    }

    /// <summary>
    /// Whether the operand is the expected bool without an error. Never fails: where the operand fails or is no bool, this is false. Stands only under
    /// <see cref="And"/> and <see cref="Or"/>, never under <see cref="Not"/>, so that in SQL the operand itself can stand for it (a null is not true).
    /// </summary>
    public sealed record Holds(ResidualExpression Operand, bool Expected) : ResidualExpression
    {
        public override bool CanFail => false;

        public override IReadOnlyList<ResidualExpression> Operands => [Operand];

        internal override Expression Lower() => new Holding(Operand.Lower(), Expected);
    }
}
