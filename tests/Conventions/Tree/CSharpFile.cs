using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Proofgate.Conventions.Tree;

/// <summary>A source file and its syntax.</summary>
internal sealed record CSharpFile(string Path, CompilationUnitSyntax Root)
{
    internal static CSharpParseOptions Options { get; } = new(LanguageVersion.Latest);

    /// <summary>The folders from the top: room or host, then what is in it.</summary>
    internal string[] Folders => Path.Split('/')[..^1];

    internal static CSharpFile Parse(TextFile file) => Parse(file.Path, file.Text);

    internal static CSharpFile Parse(string path, string text) =>
        new(path, (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(text, Options, path).GetRoot());

    internal IEnumerable<T> All<T>()
        where T : SyntaxNode => Root.DescendantNodes().OfType<T>();

    /// <summary>Types and delegates that are not inside another type.</summary>
    internal IEnumerable<MemberDeclarationSyntax> TopLevelTypes() => Root.DescendantNodes(static n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
        .OfType<MemberDeclarationSyntax>()
        .Where(static n => n is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    internal Offence At(SyntaxNodeOrToken node, string what) => new(Path, node.GetLocation()!.GetLineSpan().StartLinePosition.Line + 1, what);
}
