using System.CommandLine;
using System.Diagnostics;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Cli.Evidence;
using Proofgate.Cli.Gateway;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate audit receipt</c>: fetches the proof that a call stands in the log, and verifies it.</summary>
internal sealed class AuditReceiptCommand : GatewayCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Argument<string> _id = new("ID") { Description = "Audit id: the header Proofgate-Audit-Id of the answer." };

    private readonly Option<string?> _out = new("--out") { HelpName = "FILE", Description = "Writes the receipt (C2SP tlog-proof) there instead of printing it." };

    private readonly EvidenceOptionSet _evidence = new();

    internal AuditReceiptCommand(CommandScope scope)
        : base(scope, "receipt", "Fetch the receipt of one of your calls, and verify it.", new Lesson(
            [
                new Example("proofgate audit receipt 0197c1f2-7b3a-7000-8000-5b1d2c3e4f50", "prints the receipt once a checkpoint covers the call"),
                new Example("proofgate audit receipt $ID --out call.tlog-proof --log-key \"$VKEY\"", "keeps it, after its signature was checked"),
            ],
            [.. ExitCode.OfGateway, new ExitCode(10, "the proof does not hold"), new ExitCode(13, "the signature is not the log's")],
            "A receipt needs nothing but the log's public key to be verified, by any program that knows C2SP tlog-proof.",
            KeyNote), KeyFile.SampleName)
    {
        Add(_id);
        Add(_out);
        Add(_evidence.Keys);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> texts = parsed.GetValue(_evidence.Keys) is { Length: > 0 } given ? given : (StateFile.Find(Host) as StateSearch.Found)?.State.PinnedKeys ?? [];
        IReadOnlyList<VerifierKey>? pinned = null;
        CliError? error = null;
        if (texts.Count > 0 && !EvidenceSource.TryPin(texts, out pinned, out error))
        {
            return printer.Fail(error);
        }

        if (!TryConnect(parsed, printer, out var client, out error))
        {
            return printer.Fail(error);
        }

        using var connected = client;
        return await client.ReceiptAsync(parsed.GetRequiredValue(_id), Patience, cancellationToken) switch
        {
            GatewayReply.Received { Bytes: var bytes } => await TellAsync(parsed, printer, bytes, pinned, cancellationToken),
            GatewayReply.Failed failed => printer.Fail(failed.Error),
            _ => throw new UnreachableException(),
        };
    }

    private async Task<int> TellAsync(ParseResult parsed, Printer printer, byte[] bytes, IReadOnlyList<VerifierKey>? pinned, CancellationToken cancellationToken)
    {
        if (!TlogProof.TryParse(bytes, out var proof) || proof.Extra is not { } leaf || !SignedNote.TryParse(proof.Checkpoint.Span, out var note)
            || !Checkpoint.TryParse(note.Text.Span, out var checkpoint)
            || !MerkleProof.VerifyInclusion(proof.Index, checkpoint.Size, MerkleHash.OfLeaf(leaf.Span), proof.Path, checkpoint.Root))
        {
            return printer.Fail(new CliError(new ExitCode(10, string.Empty), "bytes_changed", "what the gateway gave is not a receipt that holds."));
        }

        if (pinned is not null && !note.TryVerify(pinned.Select(k => k.Named(checkpoint.Origin)), out _))
        {
            return printer.Fail(new CliError(
                new ExitCode(13, string.Empty), "signature", "the receipt's checkpoint is not signed by the log's key; after a change of the key, pass both keys."));
        }

        var file = parsed.GetValue(_out) is { } name ? Path.Combine(Host.Folder, name) : null;
        try
        {
            if (file is not null)
            {
                await File.WriteAllBytesAsync(file, bytes, cancellationToken);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return printer.Fail(CliError.Unreachable("file_unwritable", $"{file} cannot be written: {e.Message}"));
        }

        if (printer.Json)
        {
            printer.Document(
                new ReceiptDocument(parsed.GetRequiredValue(_id), checkpoint.Origin, proof.Index, checkpoint.Size, checkpoint.Root.ToString(), pinned is not null, file),
                CliJson.Default.ReceiptDocument);
            return ExitCode.Done.Value;
        }

        if (file is null)
        {
            printer.Text(System.Text.Encoding.UTF8.GetString(bytes));
        }

        printer.Remark(
            $"Leaf {proof.Index} of {checkpoint.Origin}, under a checkpoint of {checkpoint.Size} leaves: the proof holds"
            + (pinned is null ? ". The signature was not checked: pass --log-key." : ", and the log's key has signed it."));
        return ExitCode.Done.Value;
    }
}
