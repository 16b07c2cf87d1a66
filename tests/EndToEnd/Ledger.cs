using System.Text;
using System.Text.Json;
using Azure.Data.Tables;

namespace Proofgate.EndToEnd;

/// <summary>The ledger's rows as Table storage has them, read and, for attacks, written with the storage key.</summary>
internal static class Ledger
{
    internal static TableClient Table(Gateway gateway) => new(gateway.StorageConnection, "Audit");

    /// <summary>Results of all outcomes that the ledger holds once it has caught up with what was answered.</summary>
    internal static async Task<IReadOnlyList<string>> OutcomesAsync(Gateway gateway)
    {
        await CaughtUpAsync(gateway);
        return [.. (await EventsAsync(gateway)).Where(static e => e.GetProperty("kind").GetString() == "outcome").Select(static e => e.GetProperty("result").GetString()!)];
    }

    internal static async Task<IReadOnlyList<JsonElement>> EventsAsync(Gateway gateway)
    {
        var events = new List<JsonElement>();
        await foreach (var row in Table(gateway).QueryAsync<TableEntity>(static r => string.Compare(r.RowKey, "e") >= 0 && string.Compare(r.RowKey, "f") < 0))
        {
            var bytes = row.Keys.Where(k => row[k] is byte[]).Order(StringComparer.Ordinal).SelectMany(k => (byte[])row[k]).ToArray();
            try
            {
                events.Add(JsonDocument.Parse(bytes).RootElement);
            }
            catch (JsonException)
            {
                // A leaf that the writer made.
            }
        }

        return [.. events.Where(static e => e.TryGetProperty("kind", out _))];
    }

    internal static async Task<string> TextAsync(Gateway gateway)
    {
        var text = new StringBuilder();
        await foreach (var row in Table(gateway).QueryAsync<TableEntity>())
        {
            foreach (var (_, value) in row)
            {
                text.Append(value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : value?.ToString()).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>Waits until the ledger is level with the stream, as readiness reports it.</summary>
    internal static async Task CaughtUpAsync(Gateway gateway)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var ready = await Http.Client.GetStringAsync(new Uri(gateway.Address, "/readyz"), late.Token);
            if (ready.Contains("\"0 events behind", StringComparison.Ordinal))
            {
                return;
            }

            // Polls another process: there is nothing to await.
            await Task.Delay(50, late.Token);
        }
    }
}
