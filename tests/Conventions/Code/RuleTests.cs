using Microsoft.CodeAnalysis.CSharp.Syntax;
using Proofgate.Conventions.Tree;
using Xunit.Abstractions;

namespace Proofgate.Conventions.Code;

/// <summary>Each numbered rule of identity has a test that bears its number.</summary>
public sealed class RuleTests(ITestOutputHelper output)
{
    /// <summary>As printed in the specification; the numbers that are not here are unused.</summary>
    private static readonly string[] Identity =
    [
        "K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8", "K9", "N1",
        "D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9", "D10", "D11", "D12", "D13", "D14", "D15", "D16", "D17", "D18", "D19", "D20", "D21", "D22", "D24", "D25", "D26",
        "A1", "A3", "A4", "A5", "A6", "A7", "A8", "B1", "B2", "B4", "B6", "B7", "B8", "B10", "B11", "B12", "M1", "M5", "M6", "M7", "O2", "O3", "O6",
        "H1", "H2", "H3", "H4", "H5", "H7", "H8", "H9", "H10", "P1", "P2", "P3", "P4", "P5", "P6", "P7",
    ];

    [Fact]
    public void Rules_OfIdentity_AreEachTested()
    {
        var tests = TestsByRule();
        foreach (var rule in Identity)
            output.WriteLine($"{rule}: {string.Join(", ", tests[rule].Distinct())}");
        Assert.DoesNotContain(Identity, rule => !tests[rule].Any());
    }

    [Fact]
    public void Rules_OfTests_AreOnesThatExist() => Assert.Empty(TestsByRule().Select(static t => t.Key).Except(Identity));

    /// <summary>A rule on a class stands for its tests.</summary>
    private static ILookup<string, string> TestsByRule() => (
        from file in Repository.CSharp
        from trait in file.All<AttributeSyntax>()
        where trait.Name.ToString() == "Trait" && trait.ArgumentList?.Arguments is [var name, _] && name.ToString() == "\"Rule\""
        let rule = trait.ArgumentList!.Arguments[1].ToString().Trim('"')
        let bearer = trait.Ancestors().OfType<MemberDeclarationSyntax>().First()
        select (rule, test: bearer switch
        {
            MethodDeclarationSyntax method => $"{((TypeDeclarationSyntax)method.Parent!).Identifier.Text}.{method.Identifier.Text}",
            TypeDeclarationSyntax type => type.Identifier.Text,
            _ => file.Path,
        })).ToLookup(static t => t.rule, static t => t.test);
}
