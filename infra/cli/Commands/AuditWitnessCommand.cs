using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tiles;
using Proofgate.Cli.Evidence;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate audit witness</c>: cosigns what goes on from what it saw, and refuses a rewrite.</summary>
internal sealed class AuditWitnessCommand : CliCommand
{
    private readonly Option<string> _record = new("--record") { HelpName = "FOLDER", Required = true, Description = "The witness's own record and its key (witness-key, made on first use). Keep it where the log's operator cannot write." };

    private readonly Option<string> _name = new("--name") { HelpName = "NAME", DefaultValueFactory = static _ => "proofgate.local/witness", Description = "Name of the witness in its cosignatures, for a new key." };

    private readonly Option<int?> _listen = new("--listen") { HelpName = "PORT", Description = "Serves add-checkpoint (C2SP tlog-witness) on 127.0.0.1 until Ctrl-C; 0 takes a free port. Else one round over --evidence." };

    private readonly EvidenceOptionSet _evidence = new();

    internal AuditWitnessCommand(CommandScope scope)
        : base(scope, "witness", "Cosign the log's checkpoints, and refuse a history that was rewritten.", new Lesson(
            [
                new Example("proofgate audit witness --record ~/witness", "one round: looks at the newest checkpoints, cosigns those that go on from the last ones"),
                new Example("proofgate audit witness --record ~/witness --listen 7080 --log-key \"$VKEY\"", "serves C2SP tlog-witness on this machine; needs no copy of the log"),
                new Example("proofgate audit witness --record ~/witness --log-key \"$NEW\" \"$OLD\"", "follows a change of the log's key: without the new one its checkpoints are refused"),
                new Example("proofgate audit verify --evidence log --policy policy.txt --witness ~/witness", "verifies a copy against what the witness saw"),
            ],
            [ExitCode.Done, ExitCode.Usage, new ExitCode(3, "a folder could not be read or written"), new ExitCode(13, "a checkpoint is not signed by the log's key"), new ExitCode(14, "a rewrite: a checkpoint does not go on from what was cosigned"), ExitCode.Interrupted],
            "The verifier key that it prints belongs into a policy file (C2SP tlog-policy): witness NAME VKEY, then quorum NAME. The log submits to it by itself when\n"
            + "Proofgate:Audit:Checkpoints:Witnesses names it, its key and its address. Put TLS before it where it is not on the same machine."))
    {
        Add(_record);
        Add(_name);
        Add(_listen);
        Add(_evidence.Folder);
        Add(_evidence.Keys);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        var (record, listen) = (Path.Combine(Host.Folder, parsed.GetRequiredValue(_record)), parsed.GetValue(_listen));
        EvidenceSource? source = null;
        if (!TryKeys(parsed, listen is not null, ref source, out var keys, out var error)
            || !WitnessKey.TryOpen(record, parsed.GetRequiredValue(_name), out var key, out var name, out error))
        {
            return printer.Fail(error);
        }

        using var owned = key;
        var cosigner = new Cosigner(name, key, Host.Time);
        using var witness = new Witness(record, cosigner, keys);
        try
        {
            return source is null
                ? await ServeAsync(witness, cosigner, listen!.Value, printer, cancellationToken)
                : await RoundAsync(witness, cosigner, source, printer, cancellationToken);
        }
        catch (Exception e) when (e is EvidenceUnavailableException or EvidenceDamagedException or IOException or UnauthorizedAccessException)
        {
            return printer.Fail(CliError.Unreachable("evidence_unreadable", e.Message));
        }
    }

    /// <summary>A witness that listens is sent what it needs: it knows the log's keys and no folder.</summary>
    private bool TryKeys(
        ParseResult parsed, bool listens, ref EvidenceSource? source, [NotNullWhen(true)] out IReadOnlyList<VerifierKey>? keys, [NotNullWhen(false)] out CliError? error)
    {
        var given = parsed.GetValue(_evidence.Keys);
        if (listens)
        {
            return EvidenceSource.TryPin(given is { Length: > 0 } ? given : (StateFile.Find(Host) as StateSearch.Found)?.State.PinnedKeys ?? [], out keys, out error);
        }

        var located = EvidenceSource.TryLocate(Host, parsed.GetValue(_evidence.Folder), given, out source, out error);
        keys = source?.Keys;
        return located;
    }

    private static async Task<int> RoundAsync(Witness witness, Cosigner cosigner, EvidenceSource source, Printer printer, CancellationToken cancellationToken)
    {
        if (LogOrigin.OfSuperLog(source.Key.Name) is not { } origin)
        {
            return printer.Fail(CliError.Usage("log_key_malformed", "--log-key is not a super-log's: its name ends in -super."));
        }

        var logs = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var path in source.Store.PathsAsync("", cancellationToken))
        {
            logs.Add(path.Split('/')[0]);
        }

        var (seen, code) = (new List<CosignedDocument.Seen>(), ExitCode.Done.Value);
        foreach (var log in logs.Where(origin.Has))
        {
            var files = new LogFiles(source.Store, log);
            if (await new CheckpointFiles(source.Store, files, origin.Of(log)).NewestBytesAsync(cancellationToken) is not { } bytes
                || !SignedNote.TryParse(bytes, out var note) || !Checkpoint.TryParse(note.Text.Span, out var checkpoint))
            {
                continue;
            }

            var old = await witness.SizeOfAsync(origin.Of(log), cancellationToken);
            // A log that has shrunk has no proof to give; it is asked with its own size, and refused.
            var proof = old > 0 && old <= checkpoint.Size ? await new TileTree(files, checkpoint.Size).ConsistencyAsync(old, cancellationToken) : [];
            var answer = await witness.AddAsync(Witness.Request(Math.Min(old, checkpoint.Size), proof, bytes), cancellationToken);
            seen.Add(new CosignedDocument.Seen(origin.Of(log), checkpoint.Size, answer.Status));
            code = answer.Status switch { 200 => code, 403 => 13, _ => 14 };
            if (!printer.Json)
            {
                printer.Line(answer.Status == 200
                    ? $"{origin.Of(log)}: cosigned at {checkpoint.Size} leaves."
                    : $"{origin.Of(log)}: REFUSED at {checkpoint.Size} leaves, {old} were cosigned ({answer.Status} {answer.Body.Trim()}).");
            }
        }

        if (printer.Json)
        {
            printer.Document(new CosignedDocument(cosigner.Key.ToString(), seen), CliJson.Default.CosignedDocument);
        }
        else
        {
            printer.Line($"The witness's key: {cosigner.Key}");
        }

        return code;
    }

    private static async Task<int> ServeAsync(Witness witness, Cosigner cosigner, int port, Printer printer, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = Witness.MaxBytes;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        await using var app = builder.Build();
        app.Map("/add-checkpoint", (RequestDelegate)(http => AddAsync(witness, http)));
        app.Map("/{origin}/checkpoint", (RequestDelegate)(http => NewestAsync(witness, http)));
        await app.StartAsync(cancellationToken);
        printer.Line($"The witness listens at {app.Urls.First()}");
        printer.Line($"The witness's key: {cosigner.Key}");
        await Task.Delay(Timeout.InfiniteTimeSpan, printer.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.StopAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return ExitCode.Done.Value;
    }

    private static async Task AddAsync(Witness witness, HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            http.Response.Headers.Allow = "POST";
            return;
        }

        using var body = new MemoryStream();
        try
        {
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        }
        catch (BadHttpRequestException e)
        {
            http.Response.StatusCode = e.StatusCode;
            return;
        }

        WitnessAnswer answer;
        try
        {
            answer = await witness.AddAsync(body.ToArray(), http.RequestAborted);
        }
        catch (EvidenceDamagedException)
        {
            answer = new WitnessAnswer(500, "the witness's own record is damaged\n");
        }

        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = answer.ContentType;
        await http.Response.WriteAsync(answer.Body, http.RequestAborted);
    }

    private static async Task NewestAsync(Witness witness, HttpContext http)
    {
        if (await witness.NewestAsync(Convert.ToString(http.Request.RouteValues["origin"], CultureInfo.InvariantCulture) ?? string.Empty, http.RequestAborted) is not { } note)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.Body.WriteAsync(note, http.RequestAborted);
    }
}
