using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Audit.Sealing;
using Proofgate.AzureStores;
using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

public sealed class AuditEraseTests
{
    private static readonly string Master = Convert.ToBase64String(new byte[32]);

    [Fact]
    public async Task Erase_ShutsThePersonsEventsForEver_AndTheLogStaysSound()
    {
        using var workplace = NewWorkplace();
        var subjects = new MemorySubjectKeys();
        var (table, open, promise) = await RecordedLedger.MakePromisedAsync(workplace.Folder, subjects);
        (workplace.OpenLedger, workplace.OpenSubjectKeys) = (_ => table, _ => subjects);
        Assert.IsType<PersonalPartResult.Opened>(await OpenAsync(table, subjects, open));

        var run = await workplace.RunAsync("audit", "erase", "alice", "--tenant", "acme", "--yes", "--master", "MASTER", "--storage", "LEDGER", "--json");
        Assert.Equal(0, run.Exit);
        Assert.True(run.Json.GetProperty("erased").GetBoolean());
        Assert.DoesNotContain("alice", run.Out + run.Error, StringComparison.Ordinal);
        Assert.IsType<PersonalPartResult.Erased>(await OpenAsync(table, subjects, open));


        Assert.Equal(0, (await workplace.RunAsync("audit", "verify", "--storage", "LEDGER")).Exit);
        Assert.Equal(0, (await workplace.RunAsync("audit", "promise", promise.ToString(), "--storage", "LEDGER")).Exit);
        var again = await workplace.RunAsync("audit", "erase", "alice", "--tenant", "acme", "--yes", "--master", "MASTER", "--storage", "LEDGER");
        Assert.Equal(5, again.Exit);
    }

    [Theory]
    [InlineData("bob", "acme")]
    [InlineData("alice", "default")]
    [InlineData("e", "acmealic")]
    public async Task Erase_ChangesNothing_ForAnotherName(string subject, string tenant)
    {
        using var workplace = NewWorkplace();
        var subjects = new MemorySubjectKeys();
        var (table, open, _) = await RecordedLedger.MakePromisedAsync(workplace.Folder, subjects);
        workplace.OpenSubjectKeys = _ => subjects;
        var run = await workplace.RunAsync("audit", "erase", subject, "--tenant", tenant, "--yes", "--master", "MASTER", "--storage", "LEDGER");
        Assert.Equal(5, run.Exit);
        Assert.IsType<PersonalPartResult.Opened>(await OpenAsync(table, subjects, open));
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData("bob", 2)]
    [InlineData("alice", 0)]
    public async Task Erase_AsksFirst_AndTakesOnlyTheNameForYes(string? typed, int exit)
    {
        using var workplace = NewWorkplace();
        var subjects = new MemorySubjectKeys();
        await RecordedLedger.MakePromisedAsync(workplace.Folder, subjects);
        (workplace.OpenSubjectKeys, workplace.AnswersQuestions, workplace.In) = (_ => subjects, typed is not null, new StringReader(typed ?? ""));
        var run = await workplace.RunAsync("audit", "erase", "alice", "--tenant", "acme", "--master", "MASTER", "--storage", "LEDGER");
        Assert.Equal(exit, run.Exit);
        Assert.Equal(exit != 0, run.Error.Contains("nothing was erased", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(403, 4, "Storage Table Data Contributor")]
    [InlineData(503, 3, "could not be reached")]
    public async Task Erase_SaysWhy_WhenTheTableDoesNotLetIt(int status, int exit, string sentence)
    {
        using var workplace = NewWorkplace();
        workplace.OpenSubjectKeys = _ => new Refusing(status);
        var run = await workplace.RunAsync("audit", "erase", "alice", "--yes", "--master", "MASTER", "--storage", "LEDGER");
        Assert.Equal(exit, run.Exit);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erase_TakesTheLocalRunsOwnSecret_AndWithoutAnyIsAUsageError()
    {
        using var workplace = NewWorkplace();
        var subjects = new MemorySubjectKeys();
        await RecordedLedger.MakePromisedAsync(workplace.Folder, subjects);
        workplace.OpenSubjectKeys = _ => subjects;
        foreach (var (args, code) in new (string[], int)[]
        {
            (["--storage", "LEDGER"], 2), ([], 2), (["--master", Master, "--storage", "LEDGER"], 2), (["--master", "NOT_SET", "--storage", "LEDGER"], 2),
            (["--master", "LEDGER", "--storage", "LEDGER"], 2), (["--storage", "LEDGER", "--table-endpoint", "https://a.b"], 2),
        })
        {
            var run = await workplace.RunAsync(["audit", "erase", "alice", "--tenant", "acme", "--yes", .. args]);
            Assert.Equal(code, run.Exit);
            Assert.DoesNotContain(Master, run.Error, StringComparison.Ordinal);
        }

        workplace.WriteState("http://127.0.0.1:1");
        Assert.Equal(3, (await workplace.RunAsync("audit", "erase", "alice", "--tenant", "acme", "--yes")).Exit);
        workplace.Write(".proofgate/secrets.json", $$"""{"ApiKeyPepper:1":"x","AuditMaster":"{{Master}}"}""");
        Assert.Equal(0, (await workplace.RunAsync("audit", "erase", "alice", "--tenant", "acme", "--yes")).Exit);
    }

    private static async Task<PersonalPartResult> OpenAsync(MemoryLedger table, ISubjectKeyStore subjects, AuditId id)
    {
        var body = table.Rows.Where(static r => r.RowKey[0] == 'e').Select(static r => (byte[])r.Columns["b0"]).Single(b => EventReader.Read(b, out _)?.Event.Id == id);
        var options = Microsoft.Extensions.Options.Options.Create(new AuditOptions());
        var sealer = new PersonalSealer(subjects, AuditKeys.FromMaster(new byte[32]), options, TimeProvider.System);
        return await sealer.OpenAsync(EventReader.Read(body, out _)!.Personal!.Value, id, CancellationToken.None);
    }

    private static Workplace NewWorkplace()
    {
        var workplace = new Workplace();
        workplace.Variables["LEDGER"] = "UseDevelopmentStorage=true";
        workplace.Variables["MASTER"] = Master;
        return workplace;
    }

    private sealed class Refusing(int status) : ISubjectKeyStore
    {
        public Task<SubjectKeyRecord?> FindAsync(string lookup, CancellationToken cancellationToken) => throw Failure();

        public Task<bool> TryInsertAsync(SubjectKeyRecord record, CancellationToken cancellationToken) => throw Failure();

        public Task<bool> DeleteAsync(string lookup, CancellationToken cancellationToken) => throw Failure();

        private StoreUnavailableException Failure() => new("no", new Azure.RequestFailedException(status, "no"));
    }
}
