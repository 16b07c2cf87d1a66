using System.Text.Json;
using System.Text.RegularExpressions;
using Proofgate.Conventions.Tree;

namespace Proofgate.Conventions.Layout;

public sealed class LayoutTests
{
    [Fact]
    public void References_RunOneWay() => Verdict.None(References.Find(ProjectFile.All));

    [Theory]
    [InlineData("shared/Cedar/Cedar.csproj", "../Identity/Identity.csproj")]
    [InlineData("shared/Policy/Policy.csproj", "../Audit/Audit.csproj")]
    [InlineData("shared/Audit/Audit.csproj", "../../functions/SelfHost/SelfHost.csproj")]
    [InlineData("shared/Http/Http.csproj", "../AzureStores/AzureStores.csproj")]
    [InlineData("shared/Utilities/Utilities.csproj", "../Audit/Audit.csproj")]
    [InlineData("functions/SelfHost/SelfHost.csproj", "../../tests/Support/Support.csproj")]
    public void References_AreFound_WhenTheyRunTheOtherWay(string from, string to) =>
        Assert.Single(References.Find(Projects((from, [to]))));

    [Fact]
    public void References_AreFound_ThroughAnotherRoom()
    {
        var projects = Projects(
            ("shared/Policy/Policy.csproj", ["../Cedar/Cedar.csproj"]), ("shared/Cedar/Cedar.csproj", ["../Audit/Audit.csproj"]), ("shared/Audit/Audit.csproj", []));
        Assert.Equal(["shared/Policy/Policy.csproj:1: reaches shared/Audit/Audit.csproj through another room"], References.Find(projects)
            .Where(static o => o.Path.Contains("Policy", StringComparison.Ordinal)).Select(static o => o.ToString()));
    }

    [Fact]
    public void Solution_HasEveryProject() =>
        Assert.Equal(ProjectFile.All.Keys.Order(), Projects(Repository.Text("Serverless.sln").Text, @"= ""[^""]+"", ""([^""]+\.csproj)""").Order());

    [Fact]
    public void LocalPart_IsTheSolution_WithoutWhatNeedsTheFunctionsAndEventHubsPackages()
    {
        var filter = JsonDocument.Parse(Repository.Text("Serverless.Local.slnf").Text).RootElement.GetProperty("solution");
        Assert.Equal("Serverless.sln", filter.GetProperty("path").GetString());
        Assert.Equal(
            ProjectFile.All.Values.Where(static p => !NeedsRarePackages(p)).Select(static p => p.Path).Order(),
            filter.GetProperty("projects").EnumerateArray().Select(static p => p.GetString()!.Replace('\\', '/')).Order());
    }

    [Fact]
    public void SettingsOfTheFunctionsHost_StandAtTheRoot_AndNowhereElse() =>
        Assert.Equal(["host.json", "local.settings.sample.json"], Repository.Texts.Select(static t => t.Path)
            .Where(static p => Path.GetFileName(p) is "host.json" or "local.settings.sample.json").Order());

    private static bool NeedsRarePackages(ProjectFile project) => project.Closure(ProjectFile.All).SelectMany(static p => p.Packages)
        .Any(static p => p.StartsWith("Microsoft.Azure.Functions.", StringComparison.Ordinal) || p.StartsWith("Azure.Messaging.EventHubs", StringComparison.Ordinal));

    private static IEnumerable<string> Projects(string text, string pattern) => Regex.Matches(text, pattern).Select(static m => m.Groups[1].Value.Replace('\\', '/'));

    private static Dictionary<string, ProjectFile> Projects(params (string Path, string[] To)[] projects) => projects
        .Select(static p => ProjectFile.Parse(
            new TextFile(p.Path, $"<Project>{string.Concat(p.To.Select(static to => $"<ProjectReference Include=\"{to}\" />"))}</Project>"),
            static _ => throw new InvalidOperationException()))
        .ToDictionary(static p => p.Path);
}
