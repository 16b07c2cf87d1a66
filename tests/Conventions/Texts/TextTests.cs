using System.Text.RegularExpressions;
using Proofgate.Conventions.Tree;

namespace Proofgate.Conventions.Texts;

public sealed class TextTests
{
    /// <summary>Written apart, so that this file is not found.</summary>
    private static readonly Regex Unfinished = new(@"\b(TO" + "DO|FIX" + "ME|HA" + "CK|NotImpl" + @"emented\w*)\b");

    private static readonly Regex RegistryHost = new(
        @"\b(api\.nuget\." + @"org|registry\.npmjs\." + @"org|registry\.yarnpkg\." + @"com|pkgs\.dev\.azure\." + @"com|(npm|nuget)\.pkg\.github\." + @"com|pkgs\.visualstudio\." + "com)");

    private static readonly Regex ResolvedAddress = new(@"^\s*""resolved"":\s*""http.*");

    [Fact]
    public void Texts_AreFinished() => Verdict.None(Repository.Texts.Where(static t => !IsLock(t)).SelectMany(static t => t.Find(Unfinished, "unfinished")));

    [Fact]
    public void Texts_NameNoRegistry() => Verdict.None(Repository.Texts.SelectMany(static t => t.Find(RegistryHost, "which registry is used is the machine's matter")));

    [Fact]
    public void LockFiles_HaveNoAddresses() => Verdict.None(Repository.Texts.Where(IsLock).SelectMany(static t => t.Find(ResolvedAddress, "see .npmrc")));

    [Fact]
    public void TestCommandsOfTheReadme_AreRun_ByCi()
    {
        var executed = Executed(Repository.Text(".ci/run").Text).ToList();
        var promised = CommandsOf(Repository.Text("README.md").Text).Where(static c => c.Text.StartsWith("dotnet test", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(promised);
        Verdict.None(promised.Where(c => !executed.Contains(c.Text)).Select(static c => new Offence("README.md", c.Line, $"'{c.Text}' is not what .ci/run runs")));
    }

    [Fact]
    public void CommandsOfTheReadme_NameProjectsThatExist() => Verdict.None(
        from command in CommandsOf(Repository.Text("README.md").Text)
        let project = Regex.Match(command.Text, @"--project (\S+)").Groups[1].Value
        where project.Length > 0 && !ProjectFile.All.Values.Any(p => p.Folder == project)
        select new Offence("README.md", command.Line, $"there is no project in {project}"));

    [Fact]
    public void Workflow_DoesWhatCiDoes()
    {
        var workflow = Repository.Text(".github/workflows/test.yml");
        Assert.Matches(@"(?m)^\s*- run: \.ci/run$", workflow.Text);
        Assert.Matches(@"(?m)^permissions:\n  contents: read$", workflow.Text);
        Verdict.None(workflow.Find(new Regex(@"uses: \S+@(?!v\d+\s*$).*|secrets\."), "pin the major version, and use no secret"));
    }

    [Fact]
    public void Text_IsFound_WhenItBreaksARule()
    {
        var file = new TextFile("a.md", "fine\nTO" + "DO: later\nhttps://registry.npmjs." + "org/x\n  \"resolved\": \"https://x\",\n");
        Verdict.At(file.Find(Unfinished, ""), 2);
        Verdict.At(file.Find(RegistryHost, ""), 3);
        Verdict.At(file.Find(ResolvedAddress, ""), 4);
        Assert.Equal([("dotnet test X", 2)], CommandsOf("```sh\ndotnet test X\n```\ndotnet test Y\n"));
        Assert.Equal(["dotnet test X"], Executed("say 'dotnet test Y'\n# dotnet test Z\n  run_tests dotnet test X\n"));
    }

    /// <summary>Lines of the README's shell blocks.</summary>
    private static IEnumerable<(string Text, int Line)> CommandsOf(string readme)
    {
        var inside = false;
        foreach (var (line, at) in readme.Split('\n').Select(static (line, at) => (line.Trim(), at + 1)))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                inside = line == "```sh";
            else if (inside)
                yield return (line, at);
        }
    }

    /// <summary>Commands of a shell script that stand where one is run, with or without our function before them.</summary>
    private static IEnumerable<string> Executed(string script) =>
        Regex.Matches(script, @"(?m)^\s*(?:run_tests )?(dotnet test [^|&;\n]*?)\s*$").Select(static m => m.Groups[1].Value);

    private static bool IsLock(TextFile file) => file.Path.EndsWith("package-lock.json", StringComparison.Ordinal);
}
