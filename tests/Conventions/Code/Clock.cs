using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Proofgate.Conventions.Tree;

namespace Proofgate.Conventions.Code;

/// <summary>Time comes from a <see cref="TimeProvider"/>, and nobody sleeps.</summary>
internal static partial class Clock
{
    internal static IEnumerable<Offence> BareClocks(IEnumerable<CSharpFile> files) =>
        from file in files
        from access in file.All<MemberAccessExpressionSyntax>()
        where BareClock().IsMatch(access.ToString())
        select file.At(access, $"{access}: use TimeProvider");

    internal static IEnumerable<Offence> Sleeps(IEnumerable<CSharpFile> files) =>
        from file in files
        from call in file.All<InvocationExpressionSyntax>()
        where call.Expression.ToString().EndsWith("Thread.Sleep", StringComparison.Ordinal)
        select file.At(call, "a thread sleeps");

    /// <summary>What ships waits on a clock that a test can move.</summary>
    internal static IEnumerable<Offence> DelaysWithoutClock(IEnumerable<CSharpFile> files) =>
        from file in files
        from call in Delays(file)
        where !call.ArgumentList.Arguments.Any(static a => Clocklike().IsMatch(a.ToString()))
        select file.At(call, $"{call}: give it the TimeProvider");

    /// <summary>A test may wait for ever until it is cancelled, bound a wait, or say in a comment why it waits.</summary>
    internal static IEnumerable<Offence> DelaysWithoutReason(IEnumerable<CSharpFile> files) =>
        from file in files
        from call in Delays(file)
        where !call.ArgumentList.Arguments.Any(static a => Clocklike().IsMatch(a.ToString()) || a.ToString() == "Timeout.Infinite")
            && !call.Ancestors().OfType<InvocationExpressionSyntax>().Any(static a => a.Expression.ToString() == "Task.WhenAny")
            && !HasReason(call.FirstAncestorOrSelf<StatementSyntax>() as SyntaxNode ?? call)
        select file.At(call, $"{call}: a test does not wait for time to pass without a reason in a comment");

    private static IEnumerable<InvocationExpressionSyntax> Delays(CSharpFile file) =>
        file.All<InvocationExpressionSyntax>().Where(static c => c.Expression.ToString().EndsWith("Task.Delay", StringComparison.Ordinal));

    private static bool HasReason(SyntaxNode statement) =>
        statement.GetLeadingTrivia().Concat(statement.GetTrailingTrivia()).Any(static t => t.IsKind(SyntaxKind.SingleLineCommentTrivia));

    [GeneratedRegex(@"(^|\.)DateTime(Offset)?\.(Now|UtcNow|Today)$")]
    private static partial Regex BareClock();

    [GeneratedRegex(@"^_?(time|clock)(Provider)?$|\.(Time|Clock)$|TimeProvider", RegexOptions.IgnoreCase)]
    private static partial Regex Clocklike();
}
