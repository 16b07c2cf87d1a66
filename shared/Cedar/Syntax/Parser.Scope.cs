using System.Text;
using Proofgate.Cedar.Scopes;

namespace Proofgate.Cedar.Syntax;

internal sealed partial class Parser
{
    /// <summary>The constraint on <c>principal</c> or <c>resource</c>.</summary>
    private ScopeConstraint ScopeElement(string variable)
    {
        var position = _token.Position;
        return ScopeConstraintOf(variable).At(position);
    }

    private ScopeConstraint ScopeConstraintOf(string variable)
    {
        ScopeVariable(variable);
        if (AcceptWord("is"))
        {
            var type = TypeName();
            return AcceptWord("in") ? ScopeConstraint.IsIn(type, EntityOrSlot(variable)) : ScopeConstraint.Is(type);
        }

        if (Accept(TokenKind.EqualEqual))
            return ScopeConstraint.Equal(EntityOrSlot(variable));
        if (AcceptWord("in"))
        {
            var constraint = ScopeConstraint.In(EntityOrSlot(variable));
            if (AtWord("is"))
                throw Fault("`is` comes before `in`", $"write `{variable} is Type in Entity::\"id\"`");
            return constraint;
        }

        NoOtherOperator(variable);
        return ScopeConstraint.Any;
    }

    private ScopeConstraint ActionElement()
    {
        var position = _token.Position;
        return ActionConstraint().At(position);
    }

    private ScopeConstraint ActionConstraint()
    {
        ScopeVariable("action");
        if (AtWord("is"))
            throw Fault("`is` cannot constrain the action", "use `action in [...]`, or `when { ... }`");
        if (Accept(TokenKind.EqualEqual))
            return ScopeConstraint.Equal(ActionUid());
        if (!AcceptWord("in"))
        {
            NoOtherOperator("action");
            return ScopeConstraint.Any;
        }

        var parentheses = Parentheses();
        if (!At(TokenKind.LeftBracket))
        {
            var one = ActionUid();
            Close(parentheses);
            return ScopeConstraint.InAny([one]);
        }

        Advance();
        var uids = new List<EntityUid>();
        while (!At(TokenKind.RightBracket))
        {
            uids.Add(ActionUid());
            if (!Accept(TokenKind.Comma))
                break;
        }

        Expect(TokenKind.RightBracket, "`,` or `]`");
        Close(parentheses);
        return ScopeConstraint.InAny([.. uids]);
    }

    private void ScopeVariable(string variable)
    {
        if (!AcceptWord(variable))
            throw Unexpected($"`{variable}`", "a scope is (principal, action, resource), each with an optional constraint");
        if (At(TokenKind.Colon))
            throw Fault("a type cannot be given with `:`", $"write `{variable} is Type`");
    }

    private void NoOtherOperator(string variable)
    {
        if (At(TokenKind.Equal))
            throw Fault("`=` is not an operator", "write `==`");
        if (_token.Kind is TokenKind.NotEqual or TokenKind.Less or TokenKind.LessOrEqual or TokenKind.Greater or TokenKind.GreaterOrEqual)
            throw Fault($"`{Spelling}` cannot be used in a scope", $"a scope allows `==`, `in` and, for principal and resource, `is`; move the rest to `when {{ {variable} ... }}`");
    }

    private EntityUid? EntityOrSlot(string variable)
    {
        var parentheses = Parentheses();
        EntityUid? uid = null;
        if (!At(TokenKind.Slot))
        {
            uid = EntityLiteral();
        }
        else
        {
            if (!Spelling[1..].SequenceEqual(variable))
                throw Fault($"the slot here must be `?{variable}`, not `{Spelling}`");
            Advance();
        }

        Close(parentheses);
        return uid;
    }

    private EntityUid ActionUid()
    {
        var parentheses = Parentheses();
        if (At(TokenKind.Slot))
            throw Fault("the action cannot be a slot", "only `?principal` and `?resource` are slots");

        var position = _token.Position;
        var uid = EntityLiteral();
        if (!IsActionType(uid.Type))
            throw new SyntaxException(position, $"`{uid.Type}` is not a type of actions", "the type of an action is `Action`, with or without a namespace");

        Close(parentheses);
        return uid;
    }

    public static bool IsActionType(string type) => type == "Action" || type.EndsWith("::Action", StringComparison.Ordinal);

    // Parentheses around an entity mean nothing, but the language has them.
    private int Parentheses()
    {
        var count = 0;
        while (Accept(TokenKind.LeftParenthesis))
            count++;
        return count;
    }

    private void Close(int parentheses)
    {
        for (; parentheses > 0; parentheses--)
            Expect(TokenKind.RightParenthesis, "`)`");
    }

    private EntityUid EntityLiteral()
    {
        if (At(TokenKind.String))
            throw Fault("expected an entity, found a string", "an entity is written with its type: User::\"alice\"");

        var (type, isOpen) = Path("an entity such as User::\"alice\"");
        if (!isOpen)
            throw Unexpected("`::` and a string", $"an entity is written {type}::\"id\"");
        if (!At(TokenKind.String))
            throw Fault("an entity's id must be a string", $"write {type}::\"id\"");
        return new EntityUid(type, StringToken("the entity's id, a string"));
    }

    private string TypeName()
    {
        var (type, isOpen) = Path("an entity type");
        return isOpen
            ? throw Fault("expected an entity type, found an entity", "write `is Type`, or `== Type::\"id\"` for one entity")
            : type;
    }

    /// <summary>Identifiers joined by <c>::</c>. It is open if a last <c>::</c> stands before a string or a brace.</summary>
    private (string Name, bool IsOpen) Path(string what)
    {
        var first = Identifier(what);
        if (!At(TokenKind.ColonColon))
            return (first, false);

        var path = new StringBuilder(first);
        while (Accept(TokenKind.ColonColon))
        {
            if (_token.Kind is TokenKind.String or TokenKind.LeftBrace)
                return (path.ToString(), true);
            path.Append("::").Append(Identifier("part of a type's name"));
        }

        return (path.ToString(), false);
    }
}
