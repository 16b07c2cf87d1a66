using System.Text;
using Proofgate.Cli.Gateway.Chat;
using Proofgate.Cli.Gateway.Wire;

namespace Proofgate.Cli.Output;

/// <summary>Shows an answer as it comes. With <c>--json</c> it is kept and printed as one document, whole or not at all.</summary>
internal sealed class ChatPrinter(Printer printer, string model)
{
    private readonly StringBuilder _kept = new();
    private ChatEvent.Started? _started;
    private ChatUsage? _usage;
    private string? _finish;
    private bool _openLine;

    /// <returns>The exit code, when this was the last event.</returns>
    internal int? Show(ChatEvent happened)
    {
        switch (happened)
        {
            case ChatEvent.Started started:
                _started = started;
                return null;
            case ChatEvent.Text { Piece: var piece }:
                Add(piece);
                return null;
            case ChatEvent.Finished { Reason: var reason }:
                _finish = reason;
                return null;
            case ChatEvent.Counted { Usage: var usage }:
                _usage = usage;
                return null;
            case ChatEvent.Completed:
                Complete();
                return ExitCode.Done.Value;
            case ChatEvent.Failed { Error: var error }:
                EndLine();
                return printer.Fail(error);
            default:
                throw new ArgumentOutOfRangeException(nameof(happened));
        }
    }

    private void Add(string piece)
    {
        if (printer.Json)
        {
            _kept.Append(piece);
            return;
        }

        printer.Text(piece);
        _openLine = !piece.EndsWith('\n');
    }

    private void Complete()
    {
        if (printer.Json)
        {
            printer.Document(Document(), CliJson.Default.ChatDocument);
            return;
        }

        EndLine();
        var tokens = _usage is { } usage ? $"{usage.PromptTokens} in, {usage.CompletionTokens} out" : "not counted";
        printer.Remark($"audit id {_started?.AuditId ?? "unknown"} · label {_started?.Label ?? "none"} · tokens {tokens}");
        if (_finish is not (null or "stop"))
        {
            printer.Remark($"The model stopped for another reason than having said everything: {_finish}.");
        }
    }

    private ChatDocument Document() => new()
    {
        Model = model,
        Text = _kept.ToString(),
        FinishReason = _finish,
        InputTokens = _usage?.PromptTokens,
        OutputTokens = _usage?.CompletionTokens,
        Label = _started?.Label,
        AuditId = _started?.AuditId,
    };

    private void EndLine()
    {
        if (_openLine)
        {
            printer.Text(Environment.NewLine);
            _openLine = false;
        }
    }
}
