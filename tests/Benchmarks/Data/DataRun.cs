using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Data.Sqlite;
using Proofgate.Benchmarks.Load;

namespace Proofgate.Benchmarks.Data;

/// <summary>Rows of a SQLite file through Proofgate with every control on, and by the bare driver; and what one row costs to ask for. Prints rates, their ratio and latencies.</summary>
internal static class DataRun
{
    private const int Rounds = 5;

    /// <summary>Rounds that are not counted: so long the runtime is still compiling what is called often.</summary>
    private const int WarmUp = 4;

    private const int Questions = 2000;

    internal static async Task<int> RunAsync(int rows)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var folder = Directory.CreateTempSubdirectory("proofgate-data-");
        try
        {
            var file = Path.Combine(folder.FullName, "rows.db");
            Fill(file, rows);
            DataBundle.Write(Path.Combine(folder.FullName, "bundle"), rows);
            await using var gateway = await Contender.StartGatewayAsync(
                ["--bundle", Path.Combine(folder.FullName, "bundle")],
                new Dictionary<string, string>
                {
                    ["Proofgate__DataSources__main__Address"] = file,
                    ["Proofgate__Admission__RequestsPerMinute"] = "10000000",
                });
            using var http = new HttpClient { BaseAddress = gateway.Address, Timeout = TimeSpan.FromMinutes(5) };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", gateway.Key);
            await CompareRatesAsync(http, gateway, file, rows);
            await CompareLatenciesAsync(http, file, rows);
            return 0;
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Against the driver in this process, which nobody waits for on a socket, and against the driver behind Kestrel with no control at all.</summary>
    private static async Task CompareRatesAsync(HttpClient http, Contender gateway, string file, int rows)
    {
        await using var served = await Contender.StartSelfAsync("driver behind Kestrel", "rows", file);
        using var plain = new HttpClient { BaseAddress = served.Address, Timeout = TimeSpan.FromMinutes(5) };
        var (driver, bare, through) = (new Rates(), new Rates(), new Rates());
        for (var round = 0; round < WarmUp + Rounds; round++)
        {
            var counts = round >= WarmUp;
            await driver.MeasureAsync(rows, () => Environment.CpuUsage.TotalTime, () => Task.FromResult(Drain(file)), counts);
            await bare.MeasureAsync(rows, () => served.CpuTime, () => LinesAsync(plain, rows), counts);
            await through.MeasureAsync(rows + 1, () => gateway.CpuTime, () => LinesAsync(http, rows), counts);
            await gateway.SettledAsync();
        }

        Console.WriteLine($"{rows} rows of six columns, one masked, one inspected; medians of {Rounds} interleaved rounds");
        Console.WriteLine($"  driver, read in this process   {driver}");
        Console.WriteLine($"  driver, streamed by Kestrel    {bare}");
        Console.WriteLine($"  Proofgate                      {through}   x {through.Median / bare.Median:0.00} of streamed, x {through.Median / driver.Median:0.00} of read   RSS {gateway.ResidentMiB:0} MiB");
    }

    private static async Task CompareLatenciesAsync(HttpClient http, string file, int rows)
    {
        var (bare, through) = (new List<double>(), new List<double>());
        for (var i = 0; i < Questions + 200; i++)
        {
            var id = (i * 7919 % rows) + 1;
            var driver = Time(() => One(file, id)).TotalMilliseconds;
            var watch = Stopwatch.StartNew();
            using var answer = await http.PostAsync(Route, Body($$"""{"select":["id","name","email"],"where":{"op":"eq","column":"id","value":{{id}} } }"""));
            await answer.Content.ReadAsByteArrayAsync();
            answer.EnsureSuccessStatusCode();
            if (i >= 200)
            {
                bare.Add(driver);
                through.Add(watch.Elapsed.TotalMilliseconds);
            }
        }

        Console.WriteLine($"one row, {Questions} times; ms");
        Console.WriteLine($"  bare driver   p50 {P(bare, 0.5):0.000}   p99 {P(bare, 0.99):0.000}");
        Console.WriteLine($"  Proofgate     p50 {P(through, 0.5):0.000}   p99 {P(through, 0.99):0.000}");
    }

    private static Uri Route { get; } = new("/v1/datasets/rows/query", UriKind.Relative);

    private static StringContent Body(string query) => new(query, new MediaTypeHeaderValue("application/json"));

    private static async Task<long> LinesAsync(HttpClient http, int rows)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Route) { Content = Body($$"""{"select":["id","region","name","age","email","notes"],"limit":{{rows}}}""") };
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[64 * 1024];
        var lines = 0L;
        for (var read = await body.ReadAsync(buffer); read > 0; read = await body.ReadAsync(buffer))
        {
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return lines;
    }

    private static long Drain(string file)
    {
        var rows = 0L;
        using var connection = BareRows.Open(file, SqliteOpenMode.ReadOnly);
        using var command = BareRows.Select(connection);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            _ = reader.GetInt64(0);
            _ = reader.GetString(1);
            _ = reader.GetString(2);
            _ = reader.GetInt64(3);
            _ = reader.GetString(4);
            _ = reader.GetString(5);
            rows++;
        }

        return rows;
    }

    private static void One(string file, long id)
    {
        using var connection = BareRows.Open(file, SqliteOpenMode.ReadOnly);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, name, email FROM rows WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            _ = reader.GetString(2);
        }
    }

    private static void Fill(string file, int rows)
    {
        using var connection = BareRows.Open(file, SqliteOpenMode.ReadWriteCreate);
        using var command = connection.CreateCommand();
        command.CommandText = new StringBuilder("CREATE TABLE rows (id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, region TEXT, name TEXT, age INTEGER, email TEXT, notes TEXT);")
            .Append(CultureInfo.InvariantCulture, $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) ")
            .Append("INSERT INTO rows SELECT i, 'default', CASE i % 3 WHEN 0 THEN 'eu' WHEN 1 THEN 'us' ELSE 'ap' END, 'Name ' || i, i % 90, 'person' || i || '@example.com', ")
            .Append("'Asked about invoice ' || (i % 1000) || ' and was content with the answer.' FROM n").ToString();
        command.ExecuteNonQuery();
    }

    private static TimeSpan Time(Action run)
    {
        var watch = Stopwatch.StartNew();
        run();
        return watch.Elapsed;
    }

    private static double P(List<double> times, double part)
    {
        times.Sort();
        return times[(int)(part * (times.Count - 1))];
    }
}
