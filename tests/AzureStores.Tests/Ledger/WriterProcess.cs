using System.Globalization;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Proofgate.Audit;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Streaming;
using Proofgate.AzureStores.Accounts;
using Proofgate.AzureStores.Ledger;
using Proofgate.Support;

namespace Proofgate.AzureStores.Tests.Ledger;

/// <summary>One writer in a process of its own: appends a stream that lies in a file, in pieces of random size, and says when it begins and when all is there.</summary>
internal sealed class WriterProcess(IReadOnlyList<StreamRecord> records) : IStreamHistory
{
    internal const string Began = "began";
    internal const string Done = "done";

    private const string Connection = "PROOFGATE_TEST_CONNECTION";

    internal static ManagedProcess Start(string connection, string table, string file, int seed, LedgerInsertion insertion) => ManagedProcess.StartAssembly(
        typeof(WriterProcess).Assembly.Location,
        [table, file, seed.ToString(CultureInfo.InvariantCulture), insertion.ToString()],
        new Dictionary<string, string?> { [Connection] = connection });

    internal static Task WriteAsync(string file, IEnumerable<StreamRecord> records) =>
        File.WriteAllLinesAsync(file, records.Select(static r => Convert.ToBase64String(r.Body.Span)));

    internal static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var table, var file, var seed, var insertion])
            return 2;
        var lines = await File.ReadAllLinesAsync(file);
        var history = new WriterProcess([.. lines.Select(static (l, i) => new StreamRecord(i, StreamSample.Identity.CreatedAt, Convert.FromBase64String(l)))]);
        var client = new TableClient(Environment.GetEnvironmentVariable(Connection), table, ClientSettings.Apply(new TableClientOptions()));
        await history.AppendAsync(new TableLedger(client), new Random(int.Parse(seed, CultureInfo.InvariantCulture)), Enum.Parse<LedgerInsertion>(insertion));
        Console.WriteLine(Done);
        return 0;
    }

    public Task<IReadOnlyList<StreamRecord>> ReadAgainAsync(int partition, long from, long before, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StreamRecord>>([.. records.Where(r => r.Sequence >= from && r.Sequence < before)]);

    private async Task AppendAsync(TableLedger ledger, Random random, LedgerInsertion insertion)
    {
        while (true)
        {
            try
            {
                var writer = await LedgerWriter.OpenAsync(ledger, "audit", 0, StreamSample.Identity, this, insertion, NullLogger.Instance, CancellationToken.None);
                Console.WriteLine(Began);
                for (var at = (int)writer.NextSequence; at < records.Count;)
                {
                    var count = Math.Min(random.Next(1, 6), records.Count - at);
                    await writer.AppendAsync([.. records.Skip(at).Take(count)], CancellationToken.None);
                    at += count;
                }

                return;
            }
            catch (LedgerUnavailableException)
            {
                // A busy Azurite; another try is what the pump makes too.
            }
        }
    }
}
