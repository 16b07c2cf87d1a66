using System.Text;
using System.Text.Json;
using Azure.Data.Tables;

namespace Proofgate.EndToEnd;

/// <summary>The ledger's rows as Table storage has them, read and, for attacks, written with the storage key.</summary>
internal static class Ledger
{
    internal static TableClient Table(Gateway gateway) => new(gateway.StorageConnection, "Audit");

    /// <summary>Waits until the ledger holds so many outcomes with this result: they are published after the client has its answer.</summary>
    internal static Task HoldsOutcomeAsync(Gateway gateway, string result, int times = 1) => HoldsAsync(
        gateway,
        async () => (await EventsAsync(gateway)).Count(e => e.GetProperty("kind").GetString() == "outcome" && e.GetProperty("result").GetString() == result) == times);

    /// <summary>Waits until this text stands somewhere in the ledger.</summary>
    internal static Task HoldsTextAsync(Gateway gateway, string text) =>
        HoldsAsync(gateway, async () => (await TextAsync(gateway)).Contains(text, StringComparison.Ordinal));

    private static async Task HoldsAsync(Gateway gateway, Func<Task<bool>> condition)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            if (late.IsCancellationRequested)
            {
                Assert.Fail(await TextAsync(gateway));
            }

            // Polls another process: there is nothing to await.
            await Task.Delay(50, CancellationToken.None);
        }
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

    /// <summary>Waits until the gateway is ready and the ledger is level with the stream, as readiness reports it.</summary>
    internal static async Task CaughtUpAsync(Gateway gateway)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var ready = await Http.Client.GetAsync(new Uri(gateway.Address, "/readyz"), late.Token);
            if (ready.IsSuccessStatusCode && (await ready.Content.ReadAsStringAsync(late.Token)).Contains("\"0 events behind", StringComparison.Ordinal))
            {
                return;
            }

            // Polls another process: there is nothing to await.
            await Task.Delay(50, late.Token);
        }
    }
}
