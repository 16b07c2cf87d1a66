using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar.Formatting;

/// <summary>The tokens of a text that parses, with the comments around them. The last token is the end.</summary>
internal sealed class SourceTokens
{
    private readonly string _text;
    private readonly List<Token> _tokens = [];
    private readonly List<List<SourceComment>> _leading = [];
    private readonly List<string?> _trailing = [];
    private readonly List<int> _comments = [0];

    private SourceTokens(string text) => _text = text;

    public int Count => _tokens.Count;

    public static SourceTokens Of(string text)
    {
        var source = new SourceTokens(text);
        var lexer = new Lexer(text);
        var end = 0;
        while (true)
        {
            var token = lexer.Next();
            source.Add(token, text.AsSpan(end, token.Offset - end));
            if (token.Kind == TokenKind.End)
                return source;
            end = token.EndOffset;
        }
    }

    public TokenKind Kind(int index) => _tokens[index].Kind;

    public ReadOnlySpan<char> Text(int index) => _text.AsSpan(_tokens[index].Offset, _tokens[index].Length);

    public bool IsWord(int index, string word) => Kind(index) == TokenKind.Identifier && Text(index).SequenceEqual(word);

    /// <summary>Comments on lines of their own before a token.</summary>
    public IReadOnlyList<SourceComment> Leading(int index) => _leading[index];

    /// <summary>The comment behind a token on its line, or null.</summary>
    public string? Trailing(int index) => _trailing[index];

    /// <summary>Whether the source has a blank line directly before a token, behind its comments.</summary>
    public bool HasBlankBefore(int index)
    {
        var breaks = 0;
        for (var at = _tokens[index].Offset - 1; at >= 0 && char.IsWhiteSpace(_text[at]); at--)
            breaks += _text[at] == '\n' ? 1 : 0;
        return breaks > 1;
    }

    /// <summary>Whether a comment stands between the two tokens: then what holds them cannot be one line.</summary>
    public bool HasCommentBetween(int first, int last) => _comments[last + 1] > _comments[first + 1];

    /// <summary>The same tokens and the same comments, in the same order.</summary>
    public bool IsSameAs(SourceTokens other)
    {
        if (Count != other.Count || !AllComments().SequenceEqual(other.AllComments()))
            return false;

        for (var i = 0; i < Count; i++)
        {
            if (Kind(i) != other.Kind(i) || !Text(i).SequenceEqual(other.Text(i)))
                return false;
        }

        return true;
    }

    /// <summary>Each with the number of tokens before it.</summary>
    private IEnumerable<(int, string)> AllComments()
    {
        for (var i = 0; i < Count; i++)
        {
            foreach (var comment in Leading(i))
                yield return (i, comment.Text);
            if (Trailing(i) is { } trailing)
                yield return (i + 1, trailing);
        }
    }

    private void Add(Token token, ReadOnlySpan<char> gap)
    {
        var leading = new List<SourceComment>();
        var found = 0;
        for (var breaks = 0; !gap.IsEmpty;)
        {
            if (gap[0] != '/')
            {
                breaks += gap[0] is '\n' or '\r' ? 1 : 0;
                gap = gap[(gap is ['\r', '\n', ..] ? 2 : 1)..];
                continue;
            }

            var length = gap.IndexOfAny('\n', '\r');
            var text = (length < 0 ? gap : gap[..length]).TrimEnd().ToString();
            if (breaks == 0 && found == 0 && _tokens.Count > 0)
                _trailing[^1] = text;
            else
                leading.Add(new SourceComment(text, breaks > 1));
            gap = length < 0 ? default : gap[length..];
            (breaks, found) = (0, found + 1);
        }

        _tokens.Add(token);
        _leading.Add(leading);
        _trailing.Add(null);
        _comments.Add(_comments[^1] + found);
    }
}
