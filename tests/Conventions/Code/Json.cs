using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Proofgate.Conventions.Tree;

namespace Proofgate.Conventions.Code;

/// <summary>JSON is written and read by generated code or by hand: a reflected shape changes the wire unnoticed.</summary>
internal static partial class Json
{
    internal static IEnumerable<Offence> Reflected(IEnumerable<CSharpFile> files) =>
        from file in files
        from call in file.All<InvocationExpressionSyntax>()
        where Serialization().IsMatch(call.Expression.ToString())
            && !call.ArgumentList.Arguments.Any(a => IsTypeInfo(a.Expression))
        select file.At(call, $"{call.Expression} without a JsonTypeInfo");

    private static bool IsTypeInfo(ExpressionSyntax argument) => argument switch
    {
        CastExpressionSyntax cast => IsTypeInfo(cast.Expression),
        MemberAccessExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Default" } } => true,
        IdentifierNameSyntax name => name.Ancestors().OfType<BaseMethodDeclarationSyntax>().SelectMany(static m => m.ParameterList.Parameters)
            .Any(p => p.Identifier.Text == name.Identifier.Text && p.Type?.ToString().StartsWith("JsonTypeInfo", StringComparison.Ordinal) == true),
        _ => false,
    };

    [GeneratedRegex(@"(^|\.)JsonSerializer\.\w|\.\w*(AsJson|FromJson)Async(<|$)|(^|\.)JsonContent\.Create")]
    private static partial Regex Serialization();
}
