using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

public sealed class AuditShowTests
{
    [Fact]
    public async Task Show_TellsOfADecision_AndOfARefusal()
    {
        using var workplace = new Workplace();
        var ids = await LedgerAsync(workplace);

        var run = await workplace.RunAsync("audit", "show", ids[0], "--storage", "LEDGER", "--master", "MASTER", "--json");
        Assert.Equal(0, run.Exit);
        Assert.Equal((ids[0], "infer", true), (run.Json.GetProperty("auditId").GetString(), run.Json.GetProperty("action").GetString(), run.Json.GetProperty("allowed").GetBoolean()));
        Assert.Equal("Proofgate::User::\"dana\"", run.Json.GetProperty("principals")[0].GetString());
        Assert.False(run.Json.TryGetProperty("outcome", out _));

        run = await workplace.RunAsync("audit", "show", ids[1], "--storage", "LEDGER", "--master", "MASTER");
        Assert.Contains("denied by no-strangers", run.Out, StringComparison.Ordinal);
        Assert.Contains("refused: 403 policy_denied", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_WithoutTheMasterKey_TellsWhatIsOpen()
    {
        using var workplace = new Workplace();
        var ids = await LedgerAsync(workplace);
        var run = await workplace.RunAsync("audit", "show", ids[0], "--storage", "LEDGER");
        Assert.Equal(0, run.Exit);
        Assert.Contains("by: somebody whose sealed part cannot be opened", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("dana", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing", 2)]
    [InlineData("01974e2a-7d6c-7000-8000-000000000000", 3)]
    public async Task Show_SaysThatThereIsNone(string id, int exit)
    {
        using var workplace = new Workplace();
        await LedgerAsync(workplace);
        Assert.Equal(exit, (await workplace.RunAsync("audit", "show", id, "--storage", "LEDGER", "--master", "MASTER")).Exit);
    }

    private static async Task<IReadOnlyList<string>> LedgerAsync(Workplace workplace)
    {
        var ledger = new RecordedDecisions();
        workplace.Variables["LEDGER"] = "connection";
        workplace.Variables["MASTER"] = RecordedDecisions.Master;
        workplace.OpenLedger = _ => ledger.Table;
        workplace.OpenSubjectKeys = _ => ledger.Keys;
        return await ledger.AddAsync(workplace.Folder, ("dana", "developer", true, ["developers"]), ("erin", "guest", false, ["no-strangers"]));
    }
}
