using System.Buffers;
using Proofgate.Cedar.Expressions;

namespace Proofgate.Cedar.Validation;

/// <summary>Warns of text that is not what it looks like: characters that turn the direction of text or cannot be seen.</summary>
internal static class TextChecker
{
    private static readonly SearchValues<char> Misleading = SearchValues.Create(
        "\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff");

    public static void Check(Expression condition, PolicyFindings findings)
    {
        foreach (var expression in ExpressionWalk.All(condition))
        {
            if (Array.Exists(Texts(expression), text => text.AsSpan().ContainsAny(Misleading)))
                findings.Warn(expression.Position, "a text here has characters that cannot be seen or that turn its direction", "write them as \\u{...}, or leave them out");
        }
    }

    private static string[] Texts(Expression expression) => expression switch
    {
        Literal { Value: StringValue text } => [text.Value],
        Literal { Value: EntityValue entity } => [entity.Uid.Id],
        GetAttribute get => [get.Name],
        HasAttribute has => has.Path.ToArray(),
        Like like => like.Pattern.Segments.ToArray(),
        RecordExpression record => record.Names.ToArray(),
        _ => [],
    };
}
