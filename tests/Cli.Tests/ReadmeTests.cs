using System.Text.RegularExpressions;
using Proofgate.Cli.Commands;
using Proofgate.Cli.Tests.Support;
using Proofgate.Support;

namespace Proofgate.Cli.Tests;

/// <summary>A runbook is read when there is no time to find out that a command is called otherwise.</summary>
public sealed class ReadmeTests
{
    private static readonly string Text = File.ReadAllText(RepositoryRoot.Of("README.md"));

    public static TheoryData<string> Commands { get; } =
    [
        .. Regex.Matches(Text, @"(?m)^dotnet run --project infra/cli -- ([^#\n]+)").Concat(Regex.Matches(Text, "`proofgate ([^`]+)`"))
            .Select(static m => m.Groups[1].Value.Split(" | ")[0].Split(" < ")[0].Trim())
            // With a word after the group's: "`proofgate keys`" names a group.
            .Where(static c => c.Contains(' ', StringComparison.Ordinal) || c is "doctor" or "watch").Distinct(),
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Command_IsTaken_AsItStands(string command)
    {
        using var workplace = new Workplace();
        Assert.Empty(new ProofgateCommand(workplace.Host()).Parse(command).Errors.Select(static e => e.Message));
    }
}
