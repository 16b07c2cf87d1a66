using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Proofgate.Conventions.Tree;

namespace Proofgate.Conventions.Code;

/// <summary>One <c>Log.cs</c> a room, one list of event ids, and no parameter that could carry content.</summary>
internal static partial class Logging
{
    private static readonly string[] Content =
        ["prompt", "body", "key", "token", "text", "content", "secret", "password", "credential", "authorization", "answer", "payload", "row", "value", "query"];

    internal static IEnumerable<Offence> RepeatedEventIds(IEnumerable<CSharpFile> files) => Messages(files)
        .Select(static m => (m.File, m.Attribute, Id: IdOf(m.Attribute)))
        .GroupBy(static m => m.Id)
        .Where(static ids => ids.Count() > 1 || ids.Key is null)
        .SelectMany(static ids => ids.Select(m => m.File.At(m.Attribute, $"event id {m.Id ?? "is missing"} is not its own")));

    internal static IEnumerable<Offence> MessagesElsewhere(IEnumerable<CSharpFile> files) =>
        from message in Messages(files)
        where message.File.Path.Split('/') is not [_, _, "Log.cs"]
        select message.File.At(message.Attribute, "belongs in the Log.cs at the top of its room");

    internal static IEnumerable<Offence> ParametersNamedLikeContent(IEnumerable<CSharpFile> files) =>
        from message in Messages(files)
        from parameter in message.Method.ParameterList.Parameters
        where Content.Contains(LastWord().Match(parameter.Identifier.Text).Value, StringComparer.OrdinalIgnoreCase)
        select message.File.At(parameter, $"{message.Method.Identifier.Text}: a parameter named {parameter.Identifier.Text} reads like content");

    internal static IEnumerable<Offence> MessagesThatAreNotGenerated(IEnumerable<CSharpFile> files) =>
        from file in files
        from call in file.All<InvocationExpressionSyntax>()
        where call.Expression is MemberAccessExpressionSyntax access && DirectCall().IsMatch(access.Name.Identifier.Text)
        select file.At(call, $"{call.Expression}: declare it in Log.cs");

    private static IEnumerable<(CSharpFile File, AttributeSyntax Attribute, MethodDeclarationSyntax Method)> Messages(IEnumerable<CSharpFile> files) =>
        from file in files
        from attribute in file.All<AttributeSyntax>()
        where attribute.Name.ToString() is "LoggerMessage" or "LoggerMessageAttribute"
        select (file, attribute, attribute.FirstAncestorOrSelf<MethodDeclarationSyntax>()!);

    private static string? IdOf(AttributeSyntax attribute) => attribute.ArgumentList?.Arguments
        .FirstOrDefault(static a => a.NameEquals?.Name.Identifier.Text == "EventId" || a.NameEquals is null && a.Expression is LiteralExpressionSyntax { Token.Value: int })
        ?.Expression.ToString();

    [GeneratedRegex("[A-Z]?[a-z0-9]+$")]
    private static partial Regex LastWord();

    [GeneratedRegex("^Log(Trace|Debug|Information|Warning|Error|Critical)?$")]
    private static partial Regex DirectCall();
}
