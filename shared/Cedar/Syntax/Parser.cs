using Proofgate.Cedar.Expressions;

namespace Proofgate.Cedar.Syntax;

/// <summary>Recursive descent over the grammar of Cedar 4.5. This part: tokens and faults; the others: policies, scopes, expressions.
/// Depth is bounded by <see cref="CedarLimits.Nesting"/> and <see cref="CedarLimits.ExpressionHeight"/>.</summary>
internal sealed partial class Parser
{
    private readonly Lexer _lexer;
    private readonly string? _fileName;
    private Token _token;
    private int _lastEnd;
    private int _nesting;

    private Parser(string text, string? fileName)
    {
        _lexer = new Lexer(text);
        _fileName = fileName;
    }

    private string Text => _lexer.Text;

    /// <summary>Reads a whole text as one entity literal.</summary>
    public static bool TryParseUid(string text, out EntityUid uid)
    {
        uid = default;
        if (text.Length > CedarLimits.PolicyTextLength)
            return false;

        var parser = new Parser(text, null);
        try
        {
            parser.Advance();
            uid = parser.EntityLiteral();
            parser.Expect(TokenKind.End, "the end");
            return true;
        }
        catch (SyntaxException)
        {
            return false;
        }
    }

    /// <summary>Reads a whole text as one expression.</summary>
    /// <exception cref="SyntaxException">It is none.</exception>
    public static Expression ParseExpression(string text)
    {
        var parser = new Parser(text, null);
        parser.Advance();
        var expression = parser.Expression();
        parser.Expect(TokenKind.End, "the end");
        return expression;
    }

    private ReadOnlySpan<char> Spelling => Text.AsSpan(_token.Offset, _token.Length);

    private void Advance()
    {
        _lastEnd = _token.EndOffset;
        _token = _lexer.Next();
    }

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

    /// <summary>An identifier that is not reserved.</summary>
    private string Identifier(string what)
    {
        if (!At(TokenKind.Identifier))
            throw Unexpected(what);
        if (Names.IsReserved(Spelling))
            throw Fault($"`{Spelling}` is reserved and cannot be {what}", $"write [\"{Spelling}\"] for an attribute of that name");

        var name = Spelling.ToString();
        Advance();
        return name;
    }

    private string StringToken(string what)
    {
        if (!At(TokenKind.String))
            throw Unexpected(what);

        var text = StringDecoder.Decode(Spelling[1..^1], out var faultAt, out var fault) ?? throw InString(faultAt, fault!);
        Advance();
        return text;
    }

    /// <summary>The fault is inside the current string token; a string may span lines.</summary>
    private SyntaxException InString(int faultAt, string fault)
    {
        var (offset, line, column) = _token.Position;
        foreach (var c in Text.AsSpan(offset, faultAt + 1))
            (line, column) = c == '\n' ? (line + 1, 1) : (line, column + 1);
        return new SyntaxException(new SourcePosition(offset + faultAt + 1, line, column), fault, null);
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
}
