using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar.Formatting;

/// <summary>Finds the structure of conditions and scopes in tokens. The parser has read them, so their order is right and nesting is bounded.</summary>
internal sealed class LayoutBuilder(SourceTokens source)
{
    /// <summary>The next token.</summary>
    public int At { get; private set; }

    public int Take() => At++;

    public bool Is(TokenKind kind) => source.Kind(At) == kind;

    public bool IsWord(string word) => source.IsWord(At, word);

    /// <summary>A part of a scope, up to its comma or the closing parenthesis. Parentheses here may be as many as the text is long, so nothing recurses.</summary>
    public LayoutNode ScopePart()
    {
        var parts = new List<(LayoutNode, bool)> { (Leaf(), false) };
        for (var open = 0; open > 0 || source.Kind(At) is not (TokenKind.Comma or TokenKind.RightParenthesis);)
        {
            if (Is(TokenKind.LeftBracket))
            {
                parts.Add((Bracket(TokenKind.RightBracket, Uid, BracketStyle.Aligned), Spaced(parts)));
                continue;
            }

            open += Is(TokenKind.LeftParenthesis) ? 1 : Is(TokenKind.RightParenthesis) ? -1 : 0;
            var space = Spaced(parts);
            parts.Add((Leaf(), space));
        }

        return Row(parts);
    }

    public LayoutNode Expression()
    {
        if (!IsWord("if"))
            return Chain(TokenKind.Or, () => Chain(TokenKind.And, Relation));

        var first = Take();
        var test = Expression();
        Take();
        var consequent = Expression();
        Take();
        return new LayoutNode.Choice(first, test, consequent, Expression());
    }

    private LayoutNode Chain(TokenKind op, Func<LayoutNode> operand)
    {
        var first = operand();
        if (!Is(op))
            return first;

        var operands = new List<LayoutNode> { first };
        while (Is(op))
        {
            Take();
            operands.Add(operand());
        }

        return new LayoutNode.Chain(operands);
    }

    private LayoutNode Relation()
    {
        var left = Sum();
        if (source.Kind(At) is TokenKind.EqualEqual or TokenKind.NotEqual or TokenKind.Less or TokenKind.LessOrEqual or TokenKind.Greater or TokenKind.GreaterOrEqual
            || IsWord("in"))
        {
            return Row([(left, false), (Leaf(), true), (Sum(), true)]);
        }

        if (IsWord("has") || IsWord("like"))
            return Row([(left, false), (Leaf(), true), (Path(TokenKind.Dot), true)]);
        if (!IsWord("is"))
            return left;

        var parts = new List<(LayoutNode, bool)> { (left, false), (Leaf(), true), (Path(TokenKind.ColonColon), true) };
        if (IsWord("in"))
            parts.AddRange([(Leaf(), true), (Sum(), true)]);
        return Row(parts);
    }

    private LayoutNode Sum()
    {
        var parts = new List<(LayoutNode, bool)> { (Unary(), false) };
        while (source.Kind(At) is TokenKind.Plus or TokenKind.Minus or TokenKind.Star)
            parts.AddRange([(Leaf(), true), (Unary(), true)]);
        return Row(parts);
    }

    private LayoutNode Unary()
    {
        var parts = new List<(LayoutNode, bool)>();
        while (source.Kind(At) is TokenKind.Not or TokenKind.Minus)
            parts.Add((Leaf(), false));
        parts.Add((Primary(), false));
        while (source.Kind(At) is TokenKind.Dot or TokenKind.LeftBracket or TokenKind.LeftParenthesis)
        {
            if (Is(TokenKind.LeftParenthesis))
            {
                parts.Add((Bracket(TokenKind.RightParenthesis, Expression, BracketStyle.Open), false));
                continue;
            }

            // A dot and a name, or a bracket, a name and a bracket.
            for (var count = Is(TokenKind.Dot) ? 2 : 3; count > 0; count--)
                parts.Add((Leaf(), false));
        }

        return Row(parts);
    }

    private LayoutNode Primary() => source.Kind(At) switch
    {
        TokenKind.LeftParenthesis => Bracket(TokenKind.RightParenthesis, Expression, BracketStyle.Hugging),
        TokenKind.LeftBracket => Bracket(TokenKind.RightBracket, Expression, BracketStyle.Aligned),
        TokenKind.LeftBrace => Bracket(TokenKind.RightBrace, Field, BracketStyle.Open, isPadded: true),
        _ => Path(TokenKind.ColonColon),
    };

    private LayoutNode Field() => Row([(Leaf(), false), (Leaf(), false), (Expression(), true)]);

    /// <summary>An entity of a list, with all parentheses around it.</summary>
    private LayoutNode Uid()
    {
        var parts = new List<(LayoutNode, bool)>();
        for (var open = 0; open > 0 || source.Kind(At) is not (TokenKind.Comma or TokenKind.RightBracket);)
        {
            open += Is(TokenKind.LeftParenthesis) ? 1 : Is(TokenKind.RightParenthesis) ? -1 : 0;
            parts.Add((Leaf(), false));
        }

        return Row(parts);
    }

    /// <summary>A token and, behind each separator, another.</summary>
    private LayoutNode Path(TokenKind separator)
    {
        var parts = new List<(LayoutNode, bool)> { (Leaf(), false) };
        while (Is(separator))
            parts.AddRange([(Leaf(), false), (Leaf(), false)]);
        return Row(parts);
    }

    private LayoutNode.Bracket Bracket(TokenKind end, Func<LayoutNode> item, BracketStyle style, bool isPadded = false)
    {
        var open = Take();
        var items = new List<LayoutNode>();
        var commas = 0;
        while (!Is(end))
        {
            items.Add(item());
            if (!Is(TokenKind.Comma))
                break;
            Take();
            commas++;
        }

        return new LayoutNode.Bracket(open, items, Take(), commas, style, isPadded);
    }

    private LayoutNode.Leaf Leaf()
    {
        var width = source.Text(At).Length;
        return new LayoutNode.Leaf(Take(), width);
    }

    private static LayoutNode Row(List<(LayoutNode Node, bool HasSpace)> parts) => parts.Count == 1 ? parts[0].Node : new LayoutNode.Row(parts);

    /// <summary>Whether a space stands before the next token of a scope.</summary>
    private bool Spaced(List<(LayoutNode Node, bool HasSpace)> parts)
    {
        var before = source.Kind(parts[^1].Node.Last);
        return source.Kind(At) is not (TokenKind.ColonColon or TokenKind.RightParenthesis) && before is not (TokenKind.ColonColon or TokenKind.LeftParenthesis);
    }
}
