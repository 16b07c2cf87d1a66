using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Proofgate.Conventions.Tree;

namespace Proofgate.Conventions.Doors;

/// <summary>
/// Compiles the projects that need packages which a registry may lack, against <c>SdkDeclarations.cs</c> and the real rooms. A name that was
/// changed in shared/ and not in a door is an error here.
/// </summary>
internal static class DoorCompiler
{
    internal static readonly string[] Apps = ["Gateway", "Manage", "AuditWriter"];

    private const string LinkedByTests = "tests/Audit.Tests/Doubles/MemoryLedgerTable.cs";

    private const string ImplicitUsings =
        """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks; global using Xunit;
        """;

    /// <summary>The SDK of a build settles these by itself.</summary>
    private static readonly Dictionary<string, ReportDiagnostic> VersionsUnified = new()
    {
        ["CS1701"] = ReportDiagnostic.Suppress,
        ["CS1702"] = ReportDiagnostic.Suppress,
        ["CS1705"] = ReportDiagnostic.Suppress,
    };

    private static readonly Lazy<CSharpCompilation> Sdk = new(static () =>
        Compile("Sdk", [CSharpFile.Parse(Repository.Text("tests/Conventions/Doors/SdkDeclarations.cs"))], OutputKind.DynamicallyLinkedLibrary, []));

    private static readonly Lazy<CSharpCompilation> Hubs = new(static () =>
        Compile("Proofgate.EventHubs", Repository.In("shared/EventHubs"), OutputKind.DynamicallyLinkedLibrary, [Sdk.Value]));

    private static readonly Lazy<CSharpCompilation[]> Doors = new(static () => [.. Apps.Select(static app => CompileDoor(app, Repository.In("functions/" + app)))]);

    /// <summary>All of them: the SDK declarations, the transport, the three apps, and the tests of these.</summary>
    internal static IEnumerable<CSharpCompilation> All =>
    [
        Sdk.Value, Hubs.Value, .. Doors.Value,
        Compile(
            "Proofgate.Functions.Tests", Repository.In("tests/Functions.Tests").Append(Repository.CSharp.Single(static f => f.Path == LinkedByTests)),
            OutputKind.DynamicallyLinkedLibrary, [Sdk.Value, Hubs.Value, .. Doors.Value]),
    ];

    /// <summary>The room's own assembly, for what of it can run without the SDK.</summary>
    internal static Lazy<Type> EventHubsOptions { get; } = new(static () =>
    {
        using var image = new MemoryStream();
        var emitted = Hubs.Value.Emit(image);
        Assert.True(emitted.Success, string.Join(Environment.NewLine, emitted.Diagnostics));
        image.Position = 0;
        return new AssemblyLoadContext("hubs").LoadFromStream(image).GetType("Proofgate.EventHubs.EventHubsOptions", throwOnError: true)!;
    });

    internal static CSharpCompilation CompileDoor(string app, IEnumerable<CSharpFile> files) =>
        Compile("Proofgate." + app, files.Append(FriendsOf(app)), OutputKind.ConsoleApplication, [Sdk.Value, Hubs.Value]);

    internal static IEnumerable<Offence> Errors(CSharpCompilation compilation) => compilation.GetDiagnostics()
        .Where(static d => d.Severity == DiagnosticSeverity.Error || d.IsWarningAsError)
        .Select(static d => new Offence(d.Location.GetLineSpan().Path, d.Location.GetLineSpan().StartLinePosition.Line + 1, $"{d.Id} {d.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}"));

    private static CSharpFile FriendsOf(string app) => CSharpFile.Parse(
        "Friends.cs",
        string.Concat(ProjectFile.All[$"functions/{app}/{app}.csproj"].Friends
            .Select(static friend => $"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{friend}\")]")));

    private static CSharpCompilation Compile(string name, IEnumerable<CSharpFile> files, OutputKind kind, IEnumerable<CSharpCompilation> others) =>
        CSharpCompilation.Create(
            name,
            files.Select(static f => f.Root.SyntaxTree).Append(CSharpSyntaxTree.ParseText(ImplicitUsings, CSharpFile.Options, "ImplicitUsings.cs")),
            Platform().Concat(others.Select(static o => o.ToMetadataReference())),
            new CSharpCompilationOptions(
                kind,
                nullableContextOptions: NullableContextOptions.Enable,
                generalDiagnosticOption: ReportDiagnostic.Error,
                specificDiagnosticOptions: VersionsUnified));

    /// <summary>The framework, and every assembly beside this one: the rooms and their packages.</summary>
    private static IEnumerable<MetadataReference> Platform() => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Concat(Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll"))
        .DistinctBy(Path.GetFileName)
        .Where(IsManaged)
        .Select(static path => MetadataReference.CreateFromFile(path));

    private static bool IsManaged(string path)
    {
        using var image = new System.Reflection.PortableExecutable.PEReader(File.OpenRead(path));
        return image.HasMetadata;
    }
}
