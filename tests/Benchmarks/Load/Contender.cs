using System.Diagnostics;
using System.Net.Http.Headers;
using Proofgate.Support;

namespace Proofgate.Benchmarks.Load;

/// <summary>A server in a process of its own: the upstream, YARP, Portkey's gateway or ours.</summary>
internal sealed class Contender : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(3);
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly Process _process;
    private readonly string? _folder;

    private Contender(string name, Process process, Uri address, string key, string? folder) =>
        (Name, _process, Address, Key, _folder) = (name, process, address, key, folder);

    internal string Name { get; }

    internal Uri Address { get; }

    /// <summary>Sent by all rows, so that their requests are the same.</summary>
    internal string Key { get; }

    /// <summary>What only this one asks of its clients.</summary>
    internal IReadOnlyList<(string Name, string Value)> Headers { get; private init; } = [];

    /// <summary>Of its process, on all cores.</summary>
    internal TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    internal double ResidentMiB
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1024.0 / 1024.0;
        }
    }

    internal HttpRequestMessage Request(Uri url, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = Json;
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Key}");
        foreach (var (name, value) in Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    /// <summary>Waits until the gateway has nothing left to do: the next row shall not pay for its ledger, which follows calls at leisure.</summary>
    internal async Task SettledAsync()
    {
        if (_folder is null)
        {
            return;
        }

        using var http = new HttpClient();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            using var state = await http.GetAsync(new Uri(Address, "/readyz"), patience.Token);
            if ((await state.Content.ReadAsStringAsync(patience.Token)).Contains("\"0 events behind", StringComparison.Ordinal))
            {
                return;
            }

            // The gateway tells nobody when it is done; it has to be asked.
            await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
        }
    }

    internal static async Task<Contender> StartSelfAsync(string name, params string[] args)
    {
        var process = Start("dotnet", [typeof(Contender).Assembly.Location, .. args], []);
        return new Contender(name, process, await AddressAsync(process, "listening "), "none", null);
    }

    /// <summary>Portkey's gateway, which is told with each request where to send it. Null, with the command that helps, where it is not installed.</summary>
    internal static async Task<Contender?> StartPortkeyAsync(Uri upstream)
    {
        var folder = RepositoryRoot.Of("tests", "Benchmarks", "peers");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            Console.WriteLine($"Portkey is left out; to have it: npm ci --ignore-scripts --prefix {folder}");
            return null;
        }

        var process = Start("node", [Path.Combine(folder, "portkey.mjs")], []);
        return new Contender("Portkey", process, await AddressAsync(process, "listening "), "none", null)
        {
            Headers = [("x-portkey-provider", "openai"), ("x-portkey-custom-host", new Uri(upstream, "/v1").ToString())],
        };
    }

    /// <summary>The sample's policy without the tenants' rate, which a load exceeds within seconds.</summary>
    internal static Task<Contender> StartGatewayAsync(Uri upstream) => StartGatewayAsync(
        ["--bundle", UnlimitedBundle()],
        new Dictionary<string, string>
        {
            ["Proofgate__Upstreams__sample__Endpoint"] = new Uri(upstream, "/v1").ToString(),
            ["Proofgate__Admission__RequestsPerMinute"] = "10000000",
            ["Proofgate__Admission__ConcurrentPerKey"] = "1024",
        });

    private static string UnlimitedBundle()
    {
        var folder = Directory.CreateTempSubdirectory("proofgate-bundle-").FullName;
        foreach (var file in Directory.EnumerateFiles(RepositoryRoot.Of("infra", "policy", "sample")))
        {
            File.WriteAllText(
                Path.Combine(folder, Path.GetFileName(file)),
                File.ReadAllText(file).Replace("\"requestsPerMinute\": 6000", "\"requestsPerMinute\": 10000000", StringComparison.Ordinal));
        }

        return folder;
    }

    internal static async Task<Contender> StartGatewayAsync(string[] args, Dictionary<string, string> environment)
    {
        var folder = Directory.CreateTempSubdirectory("proofgate-load-").FullName;
        var process = Start("dotnet", [typeof(SelfHost.SelfHostOptions).Assembly.Location, "--port", "0", "--state", folder, .. args], environment);
        var address = await AddressAsync(process, "Proofgate is ready at ");
        return new Contender("Proofgate", process, address, (await File.ReadAllTextAsync(Path.Combine(folder, "sample-key"))).Trim(), folder);
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder is null)
        {
            _process.StandardInput.Close();
        }
        else
        {
            // Ctrl-C's twin: the gateway ends its storage too.
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static Process Start(string program, IEnumerable<string> args, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("No process.");
    }

    private static async Task<Uri> AddressAsync(Process process, string prefix)
    {
        using var patience = new CancellationTokenSource(StartTime);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith(prefix, StringComparison.Ordinal))
            {
                // Nobody reads the rest, and it must not fill the pipe.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return new Uri(line[prefix.Length..].Trim());
            }
        }

        throw new InvalidOperationException("A server ended before it was ready.");
    }
}
