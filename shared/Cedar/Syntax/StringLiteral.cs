using System.Globalization;
using System.Text;

namespace Proofgate.Cedar.Syntax;

/// <summary>Writes Cedar's string literals. <see cref="StringDecoder"/> reads them.</summary>
internal static class StringLiteral
{
    /// <summary>A literal, quotes included, that reads back as <paramref name="text"/>.</summary>
    public static string Quote(string text)
    {
        var literal = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
            AppendEscaped(literal, c);
        return literal.Append('"').ToString();
    }

    /// <summary>Appends one UTF-16 unit as it must stand between quotes.</summary>
    public static void AppendEscaped(StringBuilder literal, char c)
    {
        switch (c)
        {
            case '"':
                literal.Append("\\\"");
                break;
            case '\\':
                literal.Append("\\\\");
                break;
            case '\n':
                literal.Append("\\n");
                break;
            case '\r':
                literal.Append("\\r");
                break;
            case '\t':
                literal.Append("\\t");
                break;
            case '\0':
                literal.Append("\\0");
                break;
            case < ' ' or '\u007f' or '\u0085' or '\u2028' or '\u2029':
                literal.Append(CultureInfo.InvariantCulture, $"\\u{{{(int)c:x}}}");
                break;
            default:
                literal.Append(c);
                break;
        }
    }
}
