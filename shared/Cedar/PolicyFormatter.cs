using Proofgate.Cedar.Formatting;
using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar;

/// <summary>Gives policy text one layout: an annotation a line, <c>permit (</c>, a part of the scope a line, <c>when { ... }</c> on one line where it fits in
/// 110 columns, else its braces on lines of their own and the condition broken behind <c>&amp;&amp;</c> and <c>||</c>, and where that is not enough in sets,
/// records and arguments. A part that cannot be broken, and what is called on it, may stand beyond column 110.</summary>
/// <remarks>Only white space changes: every token and every comment stays, in its order. Formatting twice is formatting once.</remarks>
public static class PolicyFormatter
{
    /// <param name="text">Policies and templates, at most <see cref="CedarLimits.PolicyTextLength"/> characters.</param>
    /// <param name="fileName">For errors.</param>
    public static FormatResult Format(string text, string? fileName = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var errors = new List<CedarError>();
        Parser.ParsePolicies(text, fileName, PolicyNaming.ByOrder, errors);
        if (errors.Count > 0)
            return new FormatResult.Failed(errors);

        var source = SourceTokens.Of(text);
        var formatted = PolicyLayout.Write(source);

        // The promise is checked, not assumed: a policy must not change because somebody tidied it.
        return SourceTokens.Of(formatted).IsSameAs(source)
            ? new FormatResult.Formatted(formatted)
            : throw new InvalidOperationException("Formatting would have changed the policies.");
    }
}
