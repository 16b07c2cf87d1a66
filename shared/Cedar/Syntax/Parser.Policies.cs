using Proofgate.Cedar.Scopes;

namespace Proofgate.Cedar.Syntax;

internal sealed partial class Parser
{
    private const int LongestMessage = 400;

    /// <summary>Reads all policies. After a fault it goes on behind the next semicolon, so that several are found at once.</summary>
    public static List<Policy> ParsePolicies(string text, string? fileName, PolicyNaming naming, List<CedarError> errors)
    {
        var policies = new List<Policy>();
        if (text.Length > CedarLimits.PolicyTextLength)
        {
            errors.Add(new CedarError($"the text has {text.Length} characters, more than {CedarLimits.PolicyTextLength}") { FileName = fileName });
            return policies;
        }

        var parser = new Parser(text, fileName);
        if (!parser.TryStart(errors))
            return policies;

        while (!parser.At(TokenKind.End) && errors.Count < CedarLimits.Errors)
        {
            try
            {
                if (policies.Count == CedarLimits.Policies)
                    throw parser.Fault($"there are more than {CedarLimits.Policies} policies");
                policies.Add(parser.Policy(policies.Count, naming));
            }
            catch (SyntaxException fault)
            {
                errors.Add(parser.Error(fault));
                if (!parser.TrySkipPolicy(errors))
                    break;
            }
        }

        return policies;
    }

    private bool TryStart(List<CedarError> errors)
    {
        try
        {
            Advance();
            return true;
        }
        catch (SyntaxException fault)
        {
            errors.Add(Error(fault));
            return false;
        }
    }

    /// <summary>A second fault while skipping says nothing new: the tokens cannot be told apart any more.</summary>
    private bool TrySkipPolicy(List<CedarError> errors)
    {
        _nesting = 0;
        try
        {
            while (!At(TokenKind.Semicolon) && !At(TokenKind.End))
                Advance();
            Accept(TokenKind.Semicolon);
            return true;
        }
        catch (SyntaxException fault)
        {
            if (errors.Count == 0 || errors[^1].Position != fault.Position)
                errors.Add(Error(fault));
            return false;
        }
    }

    private CedarError Error(SyntaxException fault) =>
        new(Shorten(fault.Message)!) { FileName = _fileName, Position = fault.Position, Hint = Shorten(fault.Hint) };

    // A message may quote a name, and a name may be as long as the text.
    private static string? Shorten(string? text) => text?.Length > LongestMessage ? $"{text[..LongestMessage]}..." : text;

    private Policy Policy(int index, PolicyNaming naming)
    {
        var position = _token.Position;
        var annotations = Annotations();
        var effect = ParseEffect();
        Expect(TokenKind.LeftParenthesis, "`(`");
        var principal = ScopeElement("principal");
        Expect(TokenKind.Comma, "`,` and then `action`", "a scope is (principal, action, resource), each with an optional constraint");
        var action = ActionElement();
        Expect(TokenKind.Comma, "`,` and then `resource`", "a scope is (principal, action, resource), each with an optional constraint");
        var resource = ScopeElement("resource");
        Accept(TokenKind.Comma);
        Expect(TokenKind.RightParenthesis, "`)`", "further constraints go into `when { ... }`");
        var conditions = Conditions();
        Expect(TokenKind.Semicolon, "`when`, `unless` or `;`", "a policy ends with `;`");

        var id = naming == PolicyNaming.ByAnnotation && annotations.TryGetValue("id", out var named) && named.Length > 0 ? named : $"policy{index}";
        return new Policy(principal, action, resource, conditions)
        {
            Id = id,
            Effect = effect,
            Annotations = annotations,
            Position = position,
            FileName = _fileName,
            Source = Text[position.Offset.._lastEnd],
        };
    }

    private Dictionary<string, string> Annotations()
    {
        var annotations = new Dictionary<string, string>();
        while (At(TokenKind.At))
        {
            Advance();
            if (!At(TokenKind.Identifier))
                throw Unexpected("the name of an annotation");

            var key = Spelling.ToString();
            if (annotations.ContainsKey(key))
                throw Fault($"the annotation `@{key}` occurs twice");

            Advance();
            var value = "";
            if (Accept(TokenKind.LeftParenthesis))
            {
                value = StringToken("the annotation's value, a string");
                Expect(TokenKind.RightParenthesis, "`)`");
            }

            annotations.Add(key, value);
        }

        return annotations;
    }

    private Effect ParseEffect()
    {
        if (AcceptWord("permit"))
            return Effect.Permit;
        if (AcceptWord("forbid"))
            return Effect.Forbid;
        throw Unexpected("`permit` or `forbid`");
    }

    private Condition[] Conditions()
    {
        var conditions = new List<Condition>();
        while (AtWord("when") || AtWord("unless"))
        {
            var isUnless = AtWord("unless");
            Advance();
            Expect(TokenKind.LeftBrace, "`{`");
            if (At(TokenKind.RightBrace))
                throw Fault("the condition is empty", "write a condition between the braces, or leave the clause out");

            conditions.Add(new Condition(isUnless, Expression()));
            Expect(TokenKind.RightBrace, "an operator or `}`");
        }

        return [.. conditions];
    }
}
