using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar.Schemas;

internal sealed partial class SchemaParser
{
    private static readonly string[] Declarations = ["entity", "action", "type", "namespace"];

    private readonly List<NamespaceSyntax> _namespaces = [];
    private int _count;

    /// <summary>Reads a whole schema. After a fault it goes on behind the next semicolon, so that several are found at once.</summary>
    public static IReadOnlyList<NamespaceSyntax> Parse(string text, string? fileName, List<CedarError> errors)
    {
        var parser = new SchemaParser(text, fileName, errors);
        var outside = new NamespaceSyntax("", new Place(SourcePosition.Start, null));
        parser._namespaces.Add(outside);
        try
        {
            parser.Advance();
        }
        catch (SyntaxException fault)
        {
            errors.Add(parser.Error(fault));
            return parser._namespaces;
        }

        while (!parser.At(TokenKind.End) && parser.Recover(() => parser.NamespaceOrDeclaration(outside)))
        {
        }

        return parser._namespaces;
    }

    /// <summary>False if it cannot go on.</summary>
    private bool Recover(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (SyntaxException fault)
        {
            if (_errors.Count == 0 || _errors[^1].Position != fault.Position)
                _errors.Add(Error(fault));
            return _errors.Count < CedarLimits.Errors && TrySkip();
        }
    }

    /// <summary>A second fault while skipping says nothing new: the tokens cannot be told apart any more.</summary>
    private bool TrySkip()
    {
        _nesting = 0;
        try
        {
            while (!At(TokenKind.Semicolon) && !At(TokenKind.End))
                Advance();
            Accept(TokenKind.Semicolon);
            return true;
        }
        catch (SyntaxException fault)
        {
            if (_errors[^1].Position != fault.Position)
                _errors.Add(Error(fault));
            return false;
        }
    }

    private void NamespaceOrDeclaration(NamespaceSyntax outside)
    {
        if (At(TokenKind.RightBrace) && _errors.Count > 0)
        {
            // The namespace that it closes was given up at its first fault.
            Advance();
            return;
        }

        Annotations();
        if (AcceptWord("namespace"))
            Namespace();
        else
            Declaration(outside);
    }

    private void Namespace()
    {
        var name = Path("the name of a namespace");
        if (_namespaces.Find(known => known.Name == name.Path) is { } first)
            throw new SyntaxException(name.Place.Position!.Value, $"the namespace `{name.Path}` occurs twice", $"first at {first.Place}");

        var declared = new NamespaceSyntax(name.Path, name.Place);
        _namespaces.Add(declared);
        Expect(TokenKind.LeftBrace, "`{`");
        while (!At(TokenKind.RightBrace) && !At(TokenKind.End))
        {
            if (!Recover(() =>
            {
                Annotations();
                if (AtWord("namespace"))
                    throw Fault("a namespace cannot stand inside another", $"write namespace {name.Path}::Inner beside it");
                Declaration(declared);
            }))
            {
                return;
            }
        }

        if (_errors.Count == 0 || At(TokenKind.RightBrace))
            Expect(TokenKind.RightBrace, "a declaration or `}`");
    }

    private void Declaration(NamespaceSyntax into)
    {
        if (AcceptWord("entity"))
            into.Entities.Add(Counted(Entity(), entity => entity.Names.Count));
        else if (AcceptWord("action"))
            into.Actions.Add(Counted(Action(), action => action.Names.Count));
        else if (AcceptWord("type"))
            into.Commons.Add(Counted(Common(), _ => 1));
        else
            throw Unexpected("`entity`, `action`, `type` or `namespace`", At(TokenKind.Identifier) ? Nearest.Hint(Spelling.ToString(), Declarations) : null);
    }

    private T Counted<T>(T declared, Func<T, int> count)
    {
        _count += count(declared);
        return _count <= CedarLimits.Declarations ? declared : throw Fault($"the schema has more than {CedarLimits.Declarations} declarations");
    }

    private EntitySyntax Entity()
    {
        var names = Listed(() => new NameSyntax(Place: Here, Path: Identifier("the name of an entity type")));
        if (AcceptWord("enum"))
        {
            Expect(TokenKind.LeftBracket, "`[`");
            var ids = Listed(() => StringToken("an id, a string"));
            Expect(TokenKind.RightBracket, "`,` or `]`");
            End();
            return new EntitySyntax(names) { Ids = ids };
        }

        var parents = AcceptWord("in") ? EntityTypes() : [];
        var hasEqual = Accept(TokenKind.Equal);
        var shape = At(TokenKind.LeftBrace) ? Record()
            : hasEqual ? throw Unexpected("`{`", "the attributes of an entity type are written out, a common type cannot stand for them")
            : null;
        var tags = AcceptWord("tags") ? Type() : null;
        End();
        return new EntitySyntax(names) { Parents = parents, Shape = shape, Tags = tags };
    }

    private CommonSyntax Common()
    {
        var name = new NameSyntax(Place: Here, Path: Identifier("the name of a type"));
        Expect(TokenKind.Equal, "`=`", $"a common type is written type {name.Path} = ...;");
        var type = Type();
        End();
        return new CommonSyntax(name, type);
    }

    private ActionSyntax Action()
    {
        var names = Listed(() => new NameSyntax(Place: Here, Path: Name("the name of an action: a name or a string")));
        IReadOnlyList<ActionParentSyntax> parents = [];
        if (AcceptWord("in"))
        {
            if (Accept(TokenKind.LeftBracket))
            {
                parents = Listed(ActionParent);
                Expect(TokenKind.RightBracket, "`,` or `]`");
            }
            else
            {
                parents = [ActionParent()];
            }
        }

        var action = AtWord("appliesTo") ? AppliesTo(names) : new ActionSyntax(names);
        if (AcceptWord("attributes"))
        {
            Expect(TokenKind.LeftBrace, "`{`");
            Expect(TokenKind.RightBrace, "`}`", "an action has no attributes");
        }

        End();
        return action with { Parents = parents };
    }

    private ActionParentSyntax ActionParent()
    {
        var place = Here;
        if (At(TokenKind.String))
            return new ActionParentSyntax(null, StringToken("an action"), place);

        var path = Identifier("an action: a name, a string or Type::\"id\"");
        var isPath = false;
        while (Accept(TokenKind.ColonColon))
        {
            if (At(TokenKind.String))
                return new ActionParentSyntax(path, StringToken("an action"), place);
            isPath = true;
            path = $"{path}::{Identifier("part of a name")}";
            if (path.Length > LongestMessage)
                throw Fault("the name is too long");
        }

        return isPath
            ? throw Unexpected("`::` and a string", "an action of another namespace is written Other::Action::\"id\"")
            : new ActionParentSyntax(null, path, place);
    }

    private ActionSyntax AppliesTo(IReadOnlyList<NameSyntax> names)
    {
        var start = _token.Position;
        Advance();
        Expect(TokenKind.LeftBrace, "`{`");
        List<NameSyntax>? principals = null;
        List<NameSyntax>? resources = null;
        TypeSyntax? context = null;
        while (!At(TokenKind.RightBrace))
        {
            var at = _token.Position;
            var part = Identifier("`principal`, `resource` or `context`");
            if ((part == "principal" && principals is not null) || (part == "resource" && resources is not null) || (part == "context" && context is not null))
                throw new SyntaxException(at, $"`{part}` occurs twice", null);

            Expect(TokenKind.Colon, "`:`");
            switch (part)
            {
                case "principal":
                    principals = NotEmpty(at, part, EntityTypes());
                    break;
                case "resource":
                    resources = NotEmpty(at, part, EntityTypes());
                    break;
                case "context":
                    context = At(TokenKind.LeftBrace) ? Record() : ContextName();
                    break;
                default:
                    throw new SyntaxException(at, $"an action has no `{part}`", Nearest.Hint(part, ["principal", "resource", "context"]) ?? "it has principal, resource and context");
            }

            if (!Accept(TokenKind.Comma))
                break;
        }

        Expect(TokenKind.RightBrace, "`,` or `}`");
        if (principals is null || resources is null)
        {
            throw new SyntaxException(start, $"`{(principals is null ? "principal" : "resource")}` is missing",
                "an action applies to principal types and resource types; for a mere group of actions leave `appliesTo` out");
        }

        return new ActionSyntax(names) { Principals = principals, Resources = resources, Context = context };
    }

    private TypeSyntax.Named ContextName()
    {
        var name = Path("a record or the name of a common type");
        return new TypeSyntax.Named(name.Place, name.Path, NameKind.Common);
    }

    private static List<NameSyntax> NotEmpty(SourcePosition at, string part, List<NameSyntax> types) => types.Count > 0
        ? types
        : throw new SyntaxException(at, $"`{part}` has no types", "for a mere group of actions leave `appliesTo` out");

    private List<NameSyntax> EntityTypes()
    {
        if (!Accept(TokenKind.LeftBracket))
            return [Path("an entity type or a list of them")];
        if (Accept(TokenKind.RightBracket))
            return [];

        var types = Listed(() => Path("an entity type"));
        Expect(TokenKind.RightBracket, "`,` or `]`");
        return types;
    }

    private List<T> Listed<T>(Func<T> read)
    {
        var items = new List<T>();
        do
            items.Add(read());
        while (Accept(TokenKind.Comma));
        return items;
    }

    private void End() => Expect(TokenKind.Semicolon, "`;`", "a declaration ends with `;`");

    /// <summary>Annotations mean nothing to Cedar; they are checked and dropped.</summary>
    private void Annotations()
    {
        HashSet<string>? seen = null;
        while (Accept(TokenKind.At))
        {
            if (!At(TokenKind.Identifier))
                throw Unexpected("the name of an annotation");

            var key = Spelling.ToString();
            if (!(seen ??= []).Add(key))
                throw Fault($"the annotation `@{key}` occurs twice");

            Advance();
            if (Accept(TokenKind.LeftParenthesis))
            {
                StringToken("the annotation's value, a string");
                Expect(TokenKind.RightParenthesis, "`)`");
            }
        }
    }
}
