using System.CommandLine;
using Proofgate.Cli.Commands;
using Proofgate.Cli.Help;
using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests;

public sealed class HelpTests
{
    public static TheoryData<string> Paths()
    {
        using var workplace = new Workplace();
        return [.. Walk(new ProofgateCommand(workplace.Host()), "").Select(static found => found.Path)];
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Help_ListsEveryExitCodeWithItsMeaning_ForEachCommand(string path)
    {
        using var workplace = new Workplace();
        var lesson = Find(workplace, path).Lesson;

        var run = await workplace.RunAsync([.. Words(path), "--help"]);

        Assert.Equal(0, run.Exit);
        Assert.Empty(run.Error);
        Assert.Contains("Exit codes:", run.Out, StringComparison.Ordinal);
        Assert.Contains(lesson.Codes, static code => code.Value == 0);
        Assert.Contains(lesson.Codes, static code => code.Value == 2);
        Assert.All(lesson.Codes, code => Assert.Contains($"{code.Value,3}  {code.Meaning}", run.Out, StringComparison.Ordinal));
        Assert.Equal(lesson.Codes.Count, lesson.Codes.Select(static code => code.Value).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Help_ShowsExamplesThatParse_ForEachCommand(string path)
    {
        using var workplace = new Workplace();
        var examples = Find(workplace, path).Lesson.Examples;

        var run = await workplace.RunAsync([.. Words(path), "--help"]);

        Assert.NotEmpty(examples);
        Assert.All(examples, example =>
        {
            Assert.Contains(example.CommandLine, run.Out, StringComparison.Ordinal);
            var command = example.CommandLine[example.CommandLine.IndexOf("proofgate ", StringComparison.Ordinal)..].Split(" | ")[0].Split(" < ")[0];
            var parsed = new ProofgateCommand(workplace.Host()).Parse(command["proofgate ".Length..]);
            Assert.Empty(parsed.Errors);
        });
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Help_SaysWhyAKeyIsNotAnOption_WhereACommandTakesOne(string path)
    {
        using var workplace = new Workplace();
        var takesKey = Find(workplace, path) is Command command && (command is InitCommand || command.Options.Any(static o => o.Name == "--key-file"));

        var run = await workplace.RunAsync([.. Words(path), "--help"]);

        Assert.Equal(takesKey, run.Out.Contains("never from the command line", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Help_IsShownAndNothingDone_WithoutACommand()
    {
        using var workplace = new Workplace();

        var run = await workplace.RunAsync();

        Assert.Equal(2, run.Exit);
        Assert.Contains("Commands:", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_IsThisProgramsOwn()
    {
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("--version");

        Assert.Equal(0, run.Exit);
        Assert.Matches(@"^proofgate \d+\.\d+\.\d+", run.Out);
    }

    private static ITeaches Find(Workplace workplace, string path) =>
        (ITeaches)Walk(new ProofgateCommand(workplace.Host()), "").Single(found => found.Path == path).Command;

    private static IEnumerable<(string Path, Command Command)> Walk(Command command, string path) =>
        command.Subcommands.SelectMany(child => Walk(child, $"{path} {child.Name}".Trim())).Prepend((path, command));

    private static string[] Words(string path) => path.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
