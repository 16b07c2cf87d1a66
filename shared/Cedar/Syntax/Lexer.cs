namespace Proofgate.Cedar.Syntax;

/// <summary>Cuts a text into tokens, one at a time. Whitespace and <c>//</c> comments separate them.</summary>
internal sealed class Lexer(string text)
{
    private int _at;
    private int _line = 1;
    private int _lineStart;

    public string Text { get; } = text;

    /// <exception cref="SyntaxException">No token starts here. The lexer stands behind the offending character, after a broken string at the end.</exception>
    public Token Next()
    {
        SkipBlank();
        var position = Here;
        if (_at >= Text.Length)
            return new Token(TokenKind.End, position, 0);

        var c = Text[_at];
        if (Names.IsStart(c))
            return Word(TokenKind.Identifier, position, 1);
        if (char.IsAsciiDigit(c))
            return Number(position);
        if (c == '"')
            return String(position);
        if (c == '?' && _at + 1 < Text.Length && Names.IsStart(Text[_at + 1]))
            return Word(TokenKind.Slot, position, 2);

        return Symbol(c, position);
    }

    private SourcePosition Here => new(_at, _line, _at - _lineStart + 1);

    private Token Symbol(char c, SourcePosition position)
    {
        var second = _at + 1 < Text.Length ? Text[_at + 1] : '\0';
        var (kind, length) = (c, second) switch
        {
            (':', ':') => (TokenKind.ColonColon, 2),
            ('=', '=') => (TokenKind.EqualEqual, 2),
            ('!', '=') => (TokenKind.NotEqual, 2),
            ('<', '=') => (TokenKind.LessOrEqual, 2),
            ('>', '=') => (TokenKind.GreaterOrEqual, 2),
            ('&', '&') => (TokenKind.And, 2),
            ('|', '|') => (TokenKind.Or, 2),
            (':', _) => (TokenKind.Colon, 1),
            ('=', _) => (TokenKind.Equal, 1),
            ('!', _) => (TokenKind.Not, 1),
            ('<', _) => (TokenKind.Less, 1),
            ('>', _) => (TokenKind.Greater, 1),
            ('@', _) => (TokenKind.At, 1),
            ('?', _) => (TokenKind.Question, 1),
            ('.', _) => (TokenKind.Dot, 1),
            (',', _) => (TokenKind.Comma, 1),
            (';', _) => (TokenKind.Semicolon, 1),
            ('(', _) => (TokenKind.LeftParenthesis, 1),
            (')', _) => (TokenKind.RightParenthesis, 1),
            ('{', _) => (TokenKind.LeftBrace, 1),
            ('}', _) => (TokenKind.RightBrace, 1),
            ('[', _) => (TokenKind.LeftBracket, 1),
            (']', _) => (TokenKind.RightBracket, 1),
            ('+', _) => (TokenKind.Plus, 1),
            ('-', _) => (TokenKind.Minus, 1),
            ('*', _) => (TokenKind.Star, 1),
            ('/', _) => (TokenKind.Slash, 1),
            ('%', _) => (TokenKind.Percent, 1),
            _ => (TokenKind.End, 1),
        };
        _at += length;
        if (kind != TokenKind.End)
            return new Token(kind, position, length);

        throw c switch
        {
            '&' => new SyntaxException(position, "`&` is not an operator", "write `&&`"),
            '|' => new SyntaxException(position, "`|` is not an operator", "write `||`"),
            '\'' => new SyntaxException(position, "strings are written in double quotes", "write \"...\""),
            _ => new SyntaxException(position, $"unexpected character {StringLiteral.Quote(c.ToString())}", null),
        };
    }

    private Token Word(TokenKind kind, SourcePosition position, int prefix)
    {
        _at += prefix;
        while (_at < Text.Length && Names.IsPart(Text[_at]))
            _at++;
        return new Token(kind, position, _at - position.Offset);
    }

    private Token Number(SourcePosition position)
    {
        while (_at < Text.Length && char.IsAsciiDigit(Text[_at]))
            _at++;
        return new Token(TokenKind.Number, position, _at - position.Offset);
    }

    private Token String(SourcePosition position)
    {
        for (_at++; _at < Text.Length; _at++)
        {
            switch (Text[_at])
            {
                case '"':
                    _at++;
                    return new Token(TokenKind.String, position, _at - position.Offset);
                case '\n':
                    NewLine();
                    break;
                case '\\' when _at + 1 < Text.Length && Text[_at + 1] != '\n':
                    _at++;
                    break;
                case '\\':
                    var here = Here;
                    _at = Text.Length;
                    throw new SyntaxException(here, "a backslash cannot end a line inside a string", "write \\n for a line break");
            }
        }

        throw new SyntaxException(position, "this string is not closed", "close it with \"");
    }

    private void SkipBlank()
    {
        for (; _at < Text.Length; _at++)
        {
            if (Text[_at] == '\n')
                NewLine();
            else if (Text[_at] == '/' && _at + 1 < Text.Length && Text[_at + 1] == '/')
                SkipComment();
            else if (!char.IsWhiteSpace(Text[_at]))
                return;
        }
    }

    // Stops on the character before the line break, so that the caller counts the line.
    private void SkipComment()
    {
        var length = Text.AsSpan(_at).IndexOfAny('\n', '\r');
        _at = (length < 0 ? Text.Length : _at + length) - 1;
    }

    private void NewLine()
    {
        _line++;
        _lineStart = _at + 1;
    }
}
