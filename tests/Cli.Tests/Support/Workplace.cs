using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Audit;
using Proofgate.Cli.Ledger;
using Proofgate.Cli.Local;

namespace Proofgate.Cli.Tests.Support;

/// <summary>A folder, an environment and a clock of its own for one run of the command.</summary>
internal sealed class Workplace : IDisposable
{
    internal const string Key = "pgk_test_AAAAAAAA_thisIsTheCallersOwnSecretKey";

    internal string Folder { get; } = Directory.CreateTempSubdirectory("proofgate-cli-").FullName;

    internal Dictionary<string, string> Variables { get; } = new() { ["PROOFGATE_KEY"] = Key };

    internal FakeTimeProvider Time { get; init; } = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    internal WatchedWriter Out { get; } = new();

    internal WatchedWriter Error { get; } = new();

    internal bool IsTerminal { get; set; }

    internal TextReader In { get; set; } = TextReader.Null;

    /// <summary>Stands for the stored ledger; null opens the real one.</summary>
    internal Func<LedgerPlace, ILedgerTable>? OpenLedger { get; set; }

    /// <summary>Stands for the table of data keys beside it; null opens the real one.</summary>
    internal Func<LedgerPlace, ISubjectKeyStore>? OpenSubjectKeys { get; set; }

    internal bool AnswersQuestions { get; set; }

    internal string HomeFolder => Path.Combine(Folder, StateFile.FolderName);

    internal async Task<CliRun> RunAsync(params string[] args)
    {
        var exit = await CommandLine.RunAsync(args, Host(), CancellationToken.None);
        return new CliRun(exit, Out.ToString(), Error.ToString());
    }

    internal async Task<CliRun> RunAsync(CancellationToken cancellationToken, params string[] args)
    {
        var exit = await CommandLine.RunAsync(args, Host(), cancellationToken);
        return new CliRun(exit, Out.ToString(), Error.ToString());
    }

    internal CliHost Host(TextWriter output) => Host(null, output);

    internal CliHost Host(string? folder = null, TextWriter? output = null) => new()
    {
        Out = output ?? Out,
        Error = Error,
        In = In,
        OutIsTerminal = IsTerminal,
        InIsTerminal = AnswersQuestions,
        Variable = name => Variables.GetValueOrDefault(name),
        Folder = folder ?? Folder,
        Time = Time,
        OpenLedger = place => (OpenLedger ?? StoredLedger.Open)(place),
        OpenSubjectKeys = place => (OpenSubjectKeys ?? StoredLedger.OpenSubjectKeys)(place),
    };

    internal string Write(string name, string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, mode);
        return path;
    }

    internal void WriteState(string gateway, int version = 1) => Write(
        $"{StateFile.FolderName}/{StateFile.Name}",
        $$"""{"version":{{version}},"gateway":{{JsonSerializer.Serialize(gateway)}},"processId":1,"storage":{"connectionString":"UseDevelopmentStorage=true","tableEndpoint":"http://127.0.0.1:1/devstoreaccount1"},"hub":"local"}""");

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        Out.Dispose();
        Error.Dispose();
    }
}
