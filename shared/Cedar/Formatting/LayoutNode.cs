namespace Proofgate.Cedar.Formatting;

/// <summary>A stretch of tokens that is written on one line if it fits, else broken in its own way.</summary>
internal abstract class LayoutNode(int first, int last, int width, bool isBreakable)
{
    /// <summary>The number of the first token.</summary>
    public int First { get; } = first;

    public int Last { get; } = last;

    /// <summary>Columns on one line.</summary>
    public int Width { get; } = width;

    public bool IsBreakable { get; } = isBreakable;

    /// <summary>One token.</summary>
    public sealed class Leaf(int token, int width) : LayoutNode(token, token, width, false);

    /// <summary>Parts side by side, some with a space before them. Only the parts can be broken.</summary>
    public sealed class Row(IReadOnlyList<(LayoutNode Node, bool HasSpace)> parts)
        : LayoutNode(parts[0].Node.First, parts[^1].Node.Last, parts.Sum(p => p.Node.Width + (p.HasSpace ? 1 : 0)), parts.Any(p => p.Node.IsBreakable))
    {
        public IReadOnlyList<(LayoutNode Node, bool HasSpace)> Parts { get; } = parts;
    }

    /// <summary>Operands of <c>&amp;&amp;</c> or <c>||</c>, broken behind each operator.</summary>
    public sealed class Chain(IReadOnlyList<LayoutNode> operands)
        : LayoutNode(operands[0].First, operands[^1].Last, operands.Sum(o => o.Width) + (4 * (operands.Count - 1)), true)
    {
        public IReadOnlyList<LayoutNode> Operands { get; } = operands;
    }

    /// <summary>Items in brackets. Their commas stand directly behind them.</summary>
    public sealed class Bracket(int open, IReadOnlyList<LayoutNode> items, int close, int commas, BracketStyle style, bool isPadded)
        : LayoutNode(open, close, 2 + items.Sum(i => i.Width) + commas + Math.Max(0, items.Count - 1) + (isPadded && items.Count > 0 ? 2 : 0),
            items.Count > 1 || items.Any(i => i.IsBreakable))
    {
        public IReadOnlyList<LayoutNode> Items { get; } = items;

        public BracketStyle Style { get; } = style;

        /// <summary>Inside it, spaces stand beside the brackets.</summary>
        public bool IsPadded { get; } = isPadded;
    }

    /// <summary><c>if</c>, <c>then</c>, <c>else</c>, broken before the last two.</summary>
    public sealed class Choice(int first, LayoutNode test, LayoutNode consequent, LayoutNode alternative)
        : LayoutNode(first, alternative.Last, "if  then  else ".Length + test.Width + consequent.Width + alternative.Width, true)
    {
        public IReadOnlyList<LayoutNode> Parts { get; } = [test, consequent, alternative];
    }
}
