using System.CommandLine;
using Proofgate.Audit;
using Proofgate.Audit.Promises;
using Proofgate.Cli.Help;
using Proofgate.Cli.Ledger;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate audit promise</c>: holds a saved <c>Proofgate-Audit-Promise</c> against the log.</summary>
internal sealed class AuditPromiseCommand : CliCommand
{
    private static readonly ExitCode Kept = new(0, "kept: the very record is in the log");
    private static readonly ExitCode Broken = new(11, "broken: the deadline has passed and the record is not in the log");
    private static readonly ExitCode BadSignature = new(13, "the promise was not signed by the source that it names");
    private static readonly ExitCode NotDue = new(18, "the record is not in the log and need not be yet");
    private static readonly ExitCode Unvouched = new(19, "the log knows nothing of the source, so the promise alone proves nothing");

    private readonly Argument<string> _promise = new("promise")
    {
        HelpName = "HEADER",
        Description = $"Value of the answer's header {AuditPromise.Header}, with or without the header's name.",
    };

    private readonly StorageChoice _storage;

    internal AuditPromiseCommand(CommandScope scope)
        : base(scope, "promise", "Show whether the record that an answer promised is in the audit log.", new Lesson(
            [
                new Example("proofgate audit promise \"$(cat promise.txt)\"", "checks a header that was saved with an answer"),
                new Example("proofgate audit promise \"$PROMISE\" --table-endpoint https://ledger.table.core.windows.net --json", "the same of a deployment, for a script"),
            ],
            [Kept, ExitCode.Usage, new ExitCode(3, "the log could not be read"), Broken, BadSignature, NotDue, Unvouched, ExitCode.Interrupted],
            "Each answer that was recorded carries a promise, signed by the process that gave it: by its deadline the record is in the log. A promise that is broken\n"
            + "proves that a record was left out. The whole log is read where the record is not found; `proofgate audit verify` shows that the log itself is sound."))
    {
        Add(_promise);
        _storage = new StorageChoice(this, "Address of the table service, read as you (az login, managed identity, ...): Storage Table Data Reader is enough.");
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        var text = parsed.GetRequiredValue(_promise).Trim();
        if (text.StartsWith(AuditPromise.Header + ":", StringComparison.OrdinalIgnoreCase))
        {
            text = text[(AuditPromise.Header.Length + 1)..].Trim();
        }

        if (!AuditPromise.TryParse(text, out var promise))
        {
            return printer.Fail(CliError.Usage("promise_malformed", $"that is not the value of a {AuditPromise.Header} header: copy it again, whole."));
        }

        if (!_storage.TryOpen(parsed, Host, Host.OpenLedger, out var table, out var place, out var error))
        {
            return printer.Fail(error);
        }

        PromiseVerdict verdict;
        try
        {
            verdict = await new PromiseChecker(table).CheckAsync(promise, Host.Time.GetUtcNow(), cancellationToken);
        }
        catch (LedgerUnavailableException)
        {
            return printer.Fail(_storage.OutOfReach(parsed, "the audit log could not be read to its end"));
        }

        var document = PromiseDocument.Of(promise, verdict, ExitOf(verdict).Value, place);
        if (printer.Json)
        {
            printer.Document(document, CliJson.Default.PromiseDocument);
        }
        else
        {
            printer.Line(Sentence(document));
        }

        return document.ExitCode;
    }

    private static ExitCode ExitOf(PromiseVerdict verdict) => verdict switch
    {
        PromiseVerdict.Kept => Kept,
        PromiseVerdict.NotDue => NotDue,
        PromiseVerdict.Broken => Broken,
        PromiseVerdict.BadSignature => BadSignature,
        PromiseVerdict.Unvouched => Unvouched,
        _ => throw new ArgumentOutOfRangeException(nameof(verdict)),
    };

    private static string Sentence(PromiseDocument d) => d.Result switch
    {
        "kept" => $"Kept: {d.AuditId} is leaf {d.Index} of {d.Log}.",
        "not_due" => $"Not due: {d.AuditId} is not in the log, and need not be before {d.Deadline.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.",
        "broken" when d.OtherRecord == true => $"Broken: another record stands under {d.AuditId} than the one that was promised for {d.Deadline.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.",
        "broken" => $"Broken: {d.AuditId} was promised for {d.Deadline.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC and is not in the log.",
        "bad_signature" => $"Not a promise: source {d.Source} did not sign it.",
        _ => $"Unvouched: nothing of source {d.Source} is in the log. Either all of it was left out, or this was never promised.",
    };
}
