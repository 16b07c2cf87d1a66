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

    /// <summary>The command and every option that is named with it; what stands for a value, or is left out, is the reader's.</summary>
    [Theory]
    [MemberData(nameof(Commands))]
    public void Command_IsOneThatExists(string command)
    {
        using var workplace = new Workplace();
        var parsed = new ProofgateCommand(workplace.Host()).Parse(command);
        Assert.IsAssignableFrom<CliCommand>(parsed.CommandResult.Command);
        Assert.Empty(parsed.UnmatchedTokens);
    }

    [Theory]
    [InlineData("policy roll-back")]
    [InlineData("policy rollback --too X")]
    public void Command_IsFound_WhenItDoesNotExist(string command)
    {
        using var workplace = new Workplace();
        Assert.NotEmpty(new ProofgateCommand(workplace.Host()).Parse(command).UnmatchedTokens);
    }
}
