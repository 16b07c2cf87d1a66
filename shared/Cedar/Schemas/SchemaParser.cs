using System.Runtime.CompilerServices;
using System.Text;
using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar.Schemas;

/// <summary>Recursive descent over Cedar's schema syntax. This part: tokens, names and types; the other: declarations.
/// Words such as <c>entity</c> or <c>Set</c> are keywords only where the grammar expects them.</summary>
internal sealed partial class SchemaParser
{
    private const int LongestMessage = 400;

    private readonly Lexer _lexer;
    private readonly string? _fileName;
    private readonly List<CedarError> _errors;
    private Token _token;
    private int _nesting;

    private SchemaParser(string text, string? fileName, List<CedarError> errors)
    {
        _lexer = new Lexer(text);
        _fileName = fileName;
        _errors = errors;
    }

    private ReadOnlySpan<char> Spelling => _lexer.Text.AsSpan(_token.Offset, _token.Length);

    private Place Here => new(_token.Position, null);

    private void Advance() => _token = _lexer.Next();

    private bool At(TokenKind kind) => _token.Kind == kind;

    private bool AtWord(string word) => _token.Kind == TokenKind.Identifier && Spelling.SequenceEqual(word);

    private bool Accept(TokenKind kind)
    {
        if (_token.Kind != kind)
            return false;

        Advance();
        return true;
    }

    private bool AcceptWord(string word)
    {
        if (!AtWord(word))
            return false;

        Advance();
        return true;
    }

    private void Expect(TokenKind kind, string what, string? hint = null)
    {
        if (!Accept(kind))
            throw Unexpected(what, hint);
    }

    private string Identifier(string what)
    {
        if (!At(TokenKind.Identifier))
            throw Unexpected(what);
        if (Names.IsReserved(Spelling) && !AtWord("__cedar"))
            throw Fault($"`{Spelling}` is reserved and cannot be {what}");

        var name = Spelling.ToString();
        Advance();
        return name;
    }

    private string StringToken(string what)
    {
        if (!At(TokenKind.String))
            throw Unexpected(what);

        var text = StringDecoder.Decode(Spelling[1..^1], out _, out var fault) ?? throw Fault(fault!);
        Advance();
        return text;
    }

    /// <summary>A name that may be any string: of an attribute or an action.</summary>
    private string Name(string what) => At(TokenKind.String) ? StringToken(what) : Identifier(what);

    private NameSyntax Path(string what)
    {
        var place = Here;
        var first = Identifier(what);
        if (!At(TokenKind.ColonColon))
            return new NameSyntax(first, place);

        var path = new StringBuilder(first);
        while (Accept(TokenKind.ColonColon))
            path.Append("::").Append(Identifier("part of a name"));
        return new NameSyntax(path.ToString(), place);
    }

    private TypeSyntax Type()
    {
        // The second test is for a caller who has used up most of the stack already.
        if (++_nesting > CedarLimits.TypeDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw Fault($"the type is nested more than {CedarLimits.TypeDepth} levels deep");

        var type = TypeHere();
        _nesting--;
        return type;
    }

    private TypeSyntax TypeHere()
    {
        var place = Here;
        if (At(TokenKind.LeftBrace))
            return Record();

        var name = Path("a type: a name, Set<...> or {...}");
        if (name.Path == "Set" && Accept(TokenKind.Less))
        {
            var element = Type();
            Expect(TokenKind.Greater, "`>`");
            return new TypeSyntax.Set(place, element);
        }

        if (At(TokenKind.Less))
            throw Fault($"`{name.Path}` takes no type argument", "only Set does: Set<Type>");
        return new TypeSyntax.Named(place, name.Path, NameKind.CommonOrEntity);
    }

    private TypeSyntax.Record Record()
    {
        var place = Here;
        Expect(TokenKind.LeftBrace, "`{`");
        var attributes = new List<AttributeSyntax>();
        var seen = new HashSet<string>();
        while (!At(TokenKind.RightBrace))
        {
            Annotations();
            var at = _token.Position;
            var name = Name("an attribute: a name or a string");
            if (!seen.Add(name))
                throw new SyntaxException(at, $"the attribute {StringLiteral.Quote(name)} occurs twice", null);

            var isRequired = !Accept(TokenKind.Question);
            Expect(TokenKind.Colon, isRequired ? "`:` or `?:`" : "`:`", $"an attribute is written {name}: Type, or {name}?: Type if it may be missing");
            attributes.Add(new AttributeSyntax(name, isRequired, Type()));
            if (!Accept(TokenKind.Comma))
                break;
        }

        Expect(TokenKind.RightBrace, "`,` or `}`");
        return new TypeSyntax.Record(place, attributes);
    }

    private SyntaxException Fault(string message, string? hint = null) => new(_token.Position, message, hint);

    private SyntaxException Unexpected(string expected, string? hint = null) => Fault($"expected {expected}, found {Describe()}", hint);

    private string Describe() => _token.Kind switch
    {
        TokenKind.End => "the end of the text",
        TokenKind.String => "a string",
        _ when _token.Length > 40 => $"`{Spelling[..40]}...`",
        _ => $"`{Spelling}`",
    };

    private CedarError Error(SyntaxException fault) =>
        new(Shorten(fault.Message)!) { FileName = _fileName, Position = fault.Position, Hint = Shorten(fault.Hint) };

    // A message may quote a name, and a name may be as long as the text.
    private static string? Shorten(string? text) => text?.Length > LongestMessage ? $"{text[..LongestMessage]}..." : text;
}
