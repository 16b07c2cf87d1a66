using System.Text;

namespace Proofgate.Cedar.Formatting;

/// <summary>Writes tokens with their comments. Behind a comment the line ends, whatever the layout wanted.</summary>
internal sealed class LayoutWriter(SourceTokens source)
{
    private const int Lines = 110;
    private const int Step = 2;

    private readonly StringBuilder _output = new();
    private int _lineStart;
    private int _indent;
    private bool _mustBreak;

    private int Column => IsLineEmpty ? _indent : _output.Length - _lineStart;

    private bool IsLineEmpty => _output.Length == _lineStart;

    public override string ToString() => _output.ToString();

    /// <summary>Goes to a new line, unless this one is empty.</summary>
    public void Break(int indent)
    {
        if (!IsLineEmpty)
            _output.Append('\n');
        _lineStart = _output.Length;
        _indent = indent;
        _mustBreak = false;
    }

    /// <summary>A line that is empty, between policies.</summary>
    public void BlankLine()
    {
        Break(0);
        if (_output.Length == 0)
            return;
        _output.Append('\n');
        _lineStart = _output.Length;
    }

    /// <summary>The comments before a token, on lines of their own.</summary>
    /// <param name="token">Its number.</param>
    /// <param name="indent">Columns.</param>
    /// <param name="keepsBlank">Whether blank lines between them stay: not before the first.</param>
    public void Comments(int token, int indent, bool keepsBlank = false)
    {
        var isFirst = true;
        foreach (var comment in source.Leading(token))
        {
            Break(indent);
            if (keepsBlank && !isFirst && comment.HasBlankBefore)
                BlankLine();
            _output.Append(' ', indent).Append(comment.Text);
            Break(indent);
            isFirst = false;
        }
    }

    /// <param name="token">Its number.</param>
    /// <param name="indent">Of the next line, if a comment makes one.</param>
    /// <param name="hasSpace">A space stands before it, if it is not the first of its line.</param>
    /// <param name="withComments">False if <see cref="Comments"/> has written those before it.</param>
    public void Token(int token, int indent, bool hasSpace = false, bool withComments = true)
    {
        if (withComments && source.Leading(token).Count > 0)
            Comments(token, indent);
        if (_mustBreak)
            Break(indent);
        if (IsLineEmpty)
            _output.Append(' ', _indent);
        else if (hasSpace)
            _output.Append(' ');

        var text = source.Text(token);
        _output.Append(text);
        if (text.LastIndexOf('\n') is >= 0 and var at)
            _lineStart = _output.Length - (text.Length - at - 1);
        if (source.Trailing(token) is { } trailing)
        {
            _output.Append(' ').Append(trailing);
            _mustBreak = true;
        }
    }

    /// <summary>Whether tokens fit on the rest of this line and have no comment between them.</summary>
    public bool Fits(int first, int last, int width) => !source.HasCommentBetween(first, last) && Column + width <= Lines;

    /// <summary>Writes a node, on one line if it and <paramref name="tail"/> columns behind it fit.</summary>
    public void Node(LayoutNode node, int indent, bool hasSpace = false, int tail = 0)
    {
        if (node is LayoutNode.Leaf)
        {
            Token(node.First, indent, hasSpace);
            return;
        }

        var isFlat = Fits(node.First, node.Last, node.Width + (hasSpace ? 1 : 0) + tail) || (!node.IsBreakable && !source.HasCommentBetween(node.First, node.Last));
        switch (node)
        {
            case LayoutNode.Row row:
                Row(row, indent, hasSpace, isFlat, tail);
                break;
            case LayoutNode.Chain chain:
                Chain(chain, indent, hasSpace, isFlat, tail);
                break;
            case LayoutNode.Bracket bracket:
                Bracket(bracket, indent, hasSpace, isFlat);
                break;
            case LayoutNode.Choice choice:
                Token(choice.First, indent, hasSpace);
                Node(choice.Parts[0], indent + Step, hasSpace: true);
                for (var i = 1; i < choice.Parts.Count; i++)
                {
                    if (!isFlat)
                        Break(indent + Step);
                    Token(choice.Parts[i].First - 1, indent + Step, hasSpace: true);
                    Node(choice.Parts[i], indent + Step, hasSpace: true, i == 2 && !isFlat ? tail : 0);
                }

                break;
        }
    }

    private void Chain(LayoutNode.Chain chain, int indent, bool hasSpace, bool isFlat, int tail)
    {
        for (var i = 0; i < chain.Operands.Count; i++)
        {
            var operand = chain.Operands[i];
            var isLast = i == chain.Operands.Count - 1;
            Node(operand, operand is LayoutNode.Chain ? indent + Step : indent, i == 0 ? hasSpace : isFlat, isFlat ? 0 : isLast ? tail : " &&".Length);
            if (isLast)
                return;
            Token(operand.Last + 1, indent, hasSpace: true);
            if (!isFlat)
                Break(indent);
        }
    }

    private void Row(LayoutNode.Row row, int indent, bool hasSpace, bool isFlat, int tail)
    {
        for (var i = 0; i < row.Parts.Count; i++)
        {
            var (node, isApart) = row.Parts[i];
            var rest = isFlat || i < row.Parts.Count - 1 ? 0 : tail;

            // A long list starts on a line of its own.
            if (!isFlat && isApart && node is LayoutNode.Bracket { Style: BracketStyle.Aligned, IsBreakable: true } list && !Fits(node.First, node.Last, node.Width + 1 + rest))
            {
                Break(indent + Step);
                Bracket(list, indent + Step, hasSpace: false, isFlat: false);
            }
            else
            {
                Node(node, indent, i == 0 ? hasSpace : isApart, rest);
            }
        }
    }

    private void Bracket(LayoutNode.Bracket bracket, int indent, bool hasSpace, bool isFlat)
    {
        var style = isFlat || bracket.Items.Count == 0 ? BracketStyle.Hugging
            : bracket.Style == BracketStyle.Aligned && !IsLineEmpty && !_mustBreak ? BracketStyle.Open
            : bracket.Style;
        var isPadded = isFlat && bracket.IsPadded && bracket.Items.Count > 0;
        Token(bracket.First, indent, hasSpace);
        var inner = style == BracketStyle.Aligned ? Column : indent + Step;
        for (var i = 0; i < bracket.Items.Count; i++)
        {
            var item = bracket.Items[i];
            if (style == BracketStyle.Open || (style == BracketStyle.Aligned && i > 0))
                Break(inner);
            var hasComma = item.Last + 1 < bracket.Last;
            Node(item, inner, isFlat && (i > 0 || bracket.IsPadded), isFlat ? 0 : 1);
            if (hasComma)
                Token(item.Last + 1, inner);
        }

        Comments(bracket.Last, inner);
        if (style == BracketStyle.Open || source.Leading(bracket.Last).Count > 0)
            Break(indent);
        Token(bracket.Last, indent, isPadded, withComments: false);
    }
}
