using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar.Formatting;

/// <summary>The layout of policies. Where the parser would stop, so would this: it is given only what the parser has read.</summary>
internal sealed class PolicyLayout
{
    private const int Step = 2;

    private readonly SourceTokens _source;
    private readonly LayoutBuilder _tokens;
    private readonly LayoutWriter _writer;

    private PolicyLayout(SourceTokens source)
    {
        _source = source;
        _tokens = new LayoutBuilder(source);
        _writer = new LayoutWriter(source);
    }

    public static string Write(SourceTokens source)
    {
        var layout = new PolicyLayout(source);
        while (!layout._tokens.Is(TokenKind.End))
            layout.Policy();
        layout.End();
        return layout._writer.ToString();
    }

    private void Policy()
    {
        var first = _tokens.At;
        _writer.BlankLine();
        _writer.Comments(first, 0, keepsBlank: true);
        if (_source.Leading(first).Count > 0 && _source.HasBlankBefore(first))
            _writer.BlankLine();

        while (_tokens.Is(TokenKind.At))
        {
            Token(withComments: _tokens.At != first);
            Token();
            for (var isValued = _tokens.Is(TokenKind.LeftParenthesis) ? 3 : 0; isValued > 0; isValued--)
                Token();
            _writer.Break(0);
        }

        Token(withComments: _tokens.At != first);
        Token(hasSpace: true);
        while (!_tokens.Is(TokenKind.RightParenthesis))
        {
            _writer.Break(Step);
            var part = _tokens.ScopePart();
            _writer.Node(part, Step, tail: 1);
            if (_tokens.Is(TokenKind.Comma))
                _writer.Token(_tokens.Take(), Step);
        }

        _writer.Comments(_tokens.At, Step);
        _writer.Break(0);
        Token(withComments: false);
        while (!_tokens.Is(TokenKind.Semicolon))
            Condition();
        Token();
        _writer.Break(0);
    }

    private void Condition()
    {
        _writer.Break(0);
        Token();
        var open = _tokens.Take();
        var body = _tokens.Expression();
        var close = _tokens.Take();
        var tail = _tokens.Is(TokenKind.Semicolon) ? 1 : 0;
        var isFlat = _writer.Fits(open, close, " {  }".Length + body.Width + tail);
        if (!isFlat)
            _writer.Break(0);
        _writer.Token(open, 0, hasSpace: true);
        if (!isFlat)
            _writer.Break(Step);
        _writer.Node(body, Step, hasSpace: isFlat);
        _writer.Comments(close, Step);
        if (!isFlat)
            _writer.Break(0);
        _writer.Token(close, 0, hasSpace: isFlat, withComments: false);
    }

    /// <summary>Comments behind the last policy.</summary>
    private void End()
    {
        var end = _tokens.At;
        if (_source.Leading(end) is { Count: > 0 } comments && comments[0].HasBlankBefore)
            _writer.BlankLine();
        _writer.Comments(end, 0, keepsBlank: true);
    }

    private void Token(bool hasSpace = false, bool withComments = true) => _writer.Token(_tokens.Take(), 0, hasSpace, withComments);
}
