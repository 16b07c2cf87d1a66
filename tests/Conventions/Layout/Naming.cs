using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Proofgate.Conventions.Tree;

namespace Proofgate.Conventions.Layout;

/// <summary>Where a type is, what its file is called, and who may derive from it.</summary>
internal static class Naming
{
    /// <summary>Of what one test project links from another.</summary>
    private const string SharedByTests = "Proofgate.Tests.Support";

    internal static IEnumerable<Offence> NamespacesThatDifferFromTheirFolder(IEnumerable<CSharpFile> files) =>
        from file in files
        from space in file.All<BaseNamespaceDeclarationSyntax>()
        let expected = NamespaceOf(file.Folders)
        where space.Name.ToString() != expected && !(file.Folders is ["tests", _, "Support"] && space.Name.ToString() == SharedByTests)
        select file.At(space, $"namespace {space.Name} should be {expected}");

    internal static IEnumerable<Offence> FilesWithSeveralTypes(IEnumerable<CSharpFile> files) =>
        from file in files
        from type in file.TopLevelTypes().Skip(1)
        select file.At(type, $"{NameOf(type)} needs a file of its own");

    /// <summary><c>Parser.Scope.cs</c> may hold a part of <c>Parser</c>.</summary>
    internal static IEnumerable<Offence> TypesInFilesOfAnotherName(IEnumerable<CSharpFile> files) =>
        from file in files
        from type in file.TopLevelTypes().Take(1)
        where NameOf(type) != file.Path.Split('/')[^1].Split('.')[0]
        select file.At(type, $"{NameOf(type)} is in a file of another name");

    /// <summary>A class that others derive from may be open; every other one is closed.</summary>
    internal static IEnumerable<Offence> OpenClasses(IReadOnlyCollection<CSharpFile> files)
    {
        var bases = files.SelectMany(static f => f.All<SimpleBaseTypeSyntax>()).Select(static b => LastName(b.Type))
            .Concat(files.SelectMany(static f => f.All<PrimaryConstructorBaseTypeSyntax>()).Select(static b => LastName(b.Type)))
            .ToHashSet();
        return
            from file in files
            from type in file.All<TypeDeclarationSyntax>()
            where type is ClassDeclarationSyntax || type is RecordDeclarationSyntax record && !record.ClassOrStructKeyword.IsKind(SyntaxKind.StructKeyword)
            where !type.Modifiers.Any(static m => m.Kind() is SyntaxKind.SealedKeyword or SyntaxKind.StaticKeyword or SyntaxKind.AbstractKeyword or SyntaxKind.PartialKeyword)
                && !bases.Contains(type.Identifier.Text)
            select file.At(type.Identifier, $"{type.Identifier.Text} is neither sealed, static nor abstract");
    }

    private static string NamespaceOf(string[] folders) =>
        string.Join('.', folders[1..].Select(static f => char.ToUpperInvariant(f[0]) + f[1..]).Prepend("Proofgate"));

    private static string NameOf(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax declared => declared.Identifier.Text,
        DelegateDeclarationSyntax declared => declared.Identifier.Text,
        _ => type.ToString(),
    };

    private static string LastName(TypeSyntax type) => type.ToString().Split('<')[0].Split('.')[^1];
}
