using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Notes;
using Proofgate.Cli.Evidence;
using Proofgate.Cli.Help;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate audit log-key</c>: makes a key that signs the log, or names one that a vault has made.</summary>
internal sealed class AuditLogKeyCommand : CliCommand
{
    private const int MaxPemBytes = 16 * 1024;

    private readonly Option<string> _origin = new("--origin") { HelpName = "ORIGIN", Required = true, Description = "Proofgate:Audit:Origin of the deployment, such as gateway.example.com/audit/log." };

    private readonly Option<string> _hub = new("--hub") { HelpName = "NAME", DefaultValueFactory = static _ => "audit", Description = "Proofgate:Audit:Hub of the deployment; the local run's is `local`." };

    private readonly Option<string?> _out = new("--out") { HelpName = "FILE", Description = "Makes a new Ed25519 key in this file, with mode 0600; never overwritten." };

    private readonly Option<string?> _publicKey = new("--public-key") { HelpName = "PEM", Description = "Instead: the public half of a P-256 key that a vault keeps." };

    internal AuditLogKeyCommand(CommandScope scope)
        : base(scope, "log-key", "Make a key that signs the audit log, or name a vault's, and print the verifier key that others pin.", new Lesson(
            [
                new Example("proofgate audit log-key --origin gateway.example.com/audit/log --out log.key", "makes a key; its text is the secret Proofgate:Secrets:LogKey"),
                new Example("proofgate audit log-key --origin gateway.example.com/audit/log --public-key vault.pem", "names a Key Vault key: az keyvault key download --encoding PEM gave the file"),
                new Example("proofgate audit log-key --origin localhost/audit/log --hub local --out log.key", "makes one for the local run"),
            ],
            [ExitCode.Done, ExitCode.Usage, ExitCode.Unreachable, ExitCode.Interrupted],
            "To change the key of a log, set the new one (Proofgate:Secrets:LogKey, or Proofgate:Audit:Checkpoints:KeyId for a vault's) and name the old one as\n"
            + "Proofgate:Secrets:FormerLogKey or Proofgate:Audit:Checkpoints:FormerKeyId. The writer hands over once, with a leaf that both keys sign; after that the\n"
            + "old key may go. Give the new verifier key to whoever verifies and to the witnesses: they pin both."))
    {
        Add(_origin);
        Add(_hub);
        Add(_out);
        Add(_publicKey);
        Validators.Add(result =>
        {
            if ((result.GetValue(_out) is null) == (result.GetValue(_publicKey) is null))
            {
                result.AddError("pass --out FILE to make a key, or --public-key PEM to name one");
            }
        });
    }

    protected override Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken) => Task.FromResult(Run(parsed, printer));

    private int Run(ParseResult parsed, Printer printer)
    {
        var origin = new LogOrigin(parsed.GetRequiredValue(_origin), parsed.GetRequiredValue(_hub));
        var name = origin.Of(origin.SuperLog);
        if (!AuditNames.AreUsable(origin.Prefix, origin.Hub))
        {
            return printer.Fail(CliError.Usage(
                "log_name", "--origin is an address without scheme, spaces, '+' or a slash at its end, and --hub has a-z, 0-9 and inner hyphens, as in the deployment's settings."));
        }

        VerifierKey? key;
        CliError? error;
        string? file = null;
        if (parsed.GetValue(_publicKey) is { } pem)
        {
            if (!TryName(Path.Combine(Host.Folder, pem), name, out key, out error))
            {
                return printer.Fail(error);
            }
        }
        else
        {
            file = Path.Combine(Host.Folder, parsed.GetValue(_out)!);
            if (!TryMake(file, name, out key, out error))
            {
                return printer.Fail(error);
            }
        }

        if (printer.Json)
        {
            printer.Document(new LogKeyDocument(key.ToString(), file), CliJson.Default.LogKeyDocument);
            return ExitCode.Done.Value;
        }

        if (file is not null)
        {
            printer.Remark($"The key is in {file}, which only you can read. Its text is the writer's secret Proofgate:Secrets:LogKey.");
        }

        printer.Remark("Who verifies the log, and each witness, pins this verifier key, and has it from you by another way than the log:");
        printer.Line(key.ToString());
        return ExitCode.Done.Value;
    }

    private static bool TryMake(string file, string name, [NotNullWhen(true)] out VerifierKey? key, [NotNullWhen(false)] out CliError? error)
    {
        (key, error) = (null, null);
        if (File.Exists(file))
        {
            error = CliError.Usage("log_key_exists", $"{file} exists and is not overwritten: name another file with --out, or move it away.");
            return false;
        }

        using var made = Ed25519Signer.Generate();
        try
        {
            using var stream = KeyFile.Reserve(file);
            var bytes = Encoding.ASCII.GetBytes(made.Reveal(name) + "\n");
            stream.Write(bytes);
            stream.SetLength(bytes.Length);
            stream.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = CliError.Unreachable("log_key_unwritable", $"{file} cannot be written: name another file, in a folder that is yours.");
            return false;
        }

        key = made.KeyFor(name);
        return true;
    }

    private static bool TryName(string file, string name, [NotNullWhen(true)] out VerifierKey? key, [NotNullWhen(false)] out CliError? error)
    {
        (key, error) = (null, null);
        try
        {
            using var reader = new StreamReader(file);
            var text = new char[MaxPemBytes];
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(text.AsSpan(0, reader.ReadBlock(text)));
            key = VerifierKey.Create(name, NoteKeyType.Ecdsa, ecdsa.ExportSubjectPublicKeyInfo());
            return true;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            error = CliError.Usage("log_key_malformed", $"{file} is not the PEM of a public key on P-256.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = CliError.Unreachable("log_key_unreadable", $"{file} cannot be read: check that it exists and is yours.");
        }

        return false;
    }
}
