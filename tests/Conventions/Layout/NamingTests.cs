using Proofgate.Conventions.Tree;

namespace Proofgate.Conventions.Layout;

public sealed class NamingTests
{
    private static readonly string[] Shipped = ["shared", "functions", "infra"];

    [Fact]
    public void Namespaces_EqualTheirFolders() => Verdict.None(Naming.NamespacesThatDifferFromTheirFolder(Repository.CSharp.Where(static f => f.Path != DeclarationsOfSdks)));

    [Fact]
    public void Files_HoldOneType() => Verdict.None(Naming.FilesWithSeveralTypes(Repository.CSharp.Where(static f => f.Path != DeclarationsOfSdks)));

    [Fact]
    public void Files_AreNamedAfterTheirType() => Verdict.None(Naming.TypesInFilesOfAnotherName(Repository.CSharp.Where(static f => f.Path != DeclarationsOfSdks)));

    [Fact]
    public void Classes_AreClosed() => Verdict.None(Naming.OpenClasses([.. Repository.In(Shipped)]));

    [Fact]
    public void Naming_IsFound_WhenItDiffers()
    {
        var file = CSharpFile.Parse(
            "shared/Audit/Ledger/LogName.cs",
            """
            namespace Proofgate.Audit;

            public class Open;
            public sealed class Closed : Base;
            internal record Loose(int X);
            internal record struct Value(int X);
            public class Base;
            """);
        Verdict.At(Naming.NamespacesThatDifferFromTheirFolder([file]), 1);
        Verdict.At(Naming.FilesWithSeveralTypes([file]), 4, 5, 6, 7);
        Verdict.At(Naming.TypesInFilesOfAnotherName([file]), 3);
        Verdict.At(Naming.OpenClasses([file]), 3, 5);
    }

    /// <summary>One file by design: see it.</summary>
    private const string DeclarationsOfSdks = "tests/Conventions/Doors/SdkDeclarations.cs";
}
