using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Proofgate.Audit.Sealing;
using Proofgate.AzureStores;
using Proofgate.Cli.Help;
using Proofgate.Cli.Ledger;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate audit erase</c>: deletes a person's data key, so that what the log holds of the person can be opened by nobody. The log stays whole.</summary>
internal sealed class AuditEraseCommand : CliCommand
{
    private static readonly ExitCode NoKey = new(5, "there was no data key of this person: erased before, or never recorded, or another tenant's");

    private readonly Argument<string> _subject = new("subject") { Description = "The person or workload, as policy names it: the owner of an API key, the subject of a token." };

    private readonly Option<string> _tenant = new("--tenant")
    {
        HelpName = "TENANT",
        Description = "The subject's tenant.",
        DefaultValueFactory = static _ => "default",
    };

    private readonly Option<string?> _master = new("--master")
    {
        HelpName = "VARIABLE",
        Description = $"Name of an environment variable with Proofgate:Secrets:AuditMaster. Else that of the local run, from {StateFile.FolderName}/{LocalSecrets.Name}.",
    };

    private readonly Option<bool> _yes = new("--yes") { Description = "Do not ask. Without it the subject's name has to be typed again." };

    private readonly StorageChoice _storage;

    internal AuditEraseCommand(CommandScope scope)
        : base(scope, "erase", "Delete a person's data key: nobody can open what the audit log holds of the person any more. It cannot be undone.", new Lesson(
            [
                new Example("proofgate audit erase alice --tenant acme", "asks, and erases a person of the local run"),
                new Example(
                    "proofgate audit erase alice --tenant acme --yes --master AUDIT_MASTER --table-endpoint https://keys.table.core.windows.net",
                    "erases a person of a deployment, in the account that holds the keys and not the ledger"),
            ],
            [new ExitCode(0, "erased"), ExitCode.Usage, new ExitCode(3, "the key table or the local run's secrets could not be reached or read"), new ExitCode(4, "you may not delete from the key table"), NoKey, ExitCode.Interrupted],
            "Subject, address, claims and the recorded request of the person's events are sealed under a key of the person's own. The log keeps the sealed bytes, so it\n"
            + "stays whole and `proofgate audit verify` stays sound; what is outside the sealed part (route, decision, counts, keyed digests) names no person.",
            "A gateway may go on sealing under the deleted key for as long as it remembers it (Proofgate:Audit:SubjectKeyCacheTime, 5 minutes); nobody can open that\n"
            + "either. Should the person return, a new key is made, which opens nothing old. Copies of the key table, such as backups, hold the key until they are deleted.",
            "It takes the audit master key, because persons are found by a keyed hash of their names, and the right to delete from the table ProofgateSubjects\n"
            + "(Storage Table Data Contributor on it)."))
    {
        Add(_subject);
        Add(_tenant);
        Add(_master);
        Add(_yes);
        _storage = new StorageChoice(this, "Address of the table service of the account that holds the keys, used as you (az login, managed identity, ...).");
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        var (subject, tenant) = (parsed.GetRequiredValue(_subject), parsed.GetRequiredValue(_tenant));
        if (!TryReadMaster(parsed, out var keys, out var error)
            || !_storage.TryOpen(parsed, Host, Host.OpenSubjectKeys, out var store, out var place, out error)
            || !TryConfirm(parsed, subject, printer, out error))
        {
            return printer.Fail(error);
        }

        bool erased;
        try
        {
            erased = await store.DeleteAsync(SubjectLookup.Of(keys, tenant, subject), cancellationToken);
        }
        catch (StoreUnavailableException refused) when (refused.InnerException is Azure.RequestFailedException { Status: 401 or 403 })
        {
            return printer.Fail(new CliError(ExitCode.Refused, "not_allowed", $"you may not delete from the key table in {place.Named}: it takes Storage Table Data Contributor on ProofgateSubjects."));
        }
        catch (StoreUnavailableException)
        {
            return printer.Fail(_storage.OutOfReach(parsed, "the key table could not be reached, so whether the key is deleted is unknown; erasing again does no harm"));
        }

        if (!erased)
        {
            return printer.Fail(new CliError(ExitCode.Failed, "no_data_key", "there is no data key of this subject in this tenant: it was erased before, or nothing was ever recorded of it. Check both names."));
        }

        if (printer.Json)
        {
            printer.Document(new ErasureDocument(true, place.Named, tenant), CliJson.Default.ErasureDocument);
        }
        else
        {
            printer.Line("Erased: nobody can open what the audit log holds of this subject.");
        }

        return ExitCode.Done.Value;
    }

    private bool TryReadMaster(ParseResult parsed, [NotNullWhen(true)] out AuditKeys? keys, [NotNullWhen(false)] out CliError? error)
    {
        (keys, error) = (null, null);
        string? text;
        if (parsed.GetValue(_master) is { } name)
        {
            if (name.Length == 0 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                error = CliError.Usage("master_variable", "--master takes the name of an environment variable, not the key: others could read that.");
                return false;
            }

            text = Host.Variable(name);
            if (string.IsNullOrEmpty(text))
            {
                error = CliError.Usage("master_variable", $"the environment variable {name} of --master is not set: put the audit master key into it.");
                return false;
            }
        }
        else if (!_storage.IsLocal(parsed))
        {
            error = CliError.Usage("master_missing", "the audit master key of that deployment is needed: put it into an environment variable and name that with --master.");
            return false;
        }
        else if (!LocalSecrets.TryReadMaster(Host, out text, out error))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[33];
        if (!Convert.TryFromBase64String(text, bytes, out var length) || length != 32)
        {
            error = CliError.Usage("master_malformed", "that is no audit master key: it is the base64 of 32 bytes.");
            return false;
        }

        keys = AuditKeys.FromMaster(bytes[..length]);
        CryptographicOperations.ZeroMemory(bytes);
        return true;
    }

    private bool TryConfirm(ParseResult parsed, string subject, Printer printer, [NotNullWhen(false)] out CliError? error)
    {
        error = null;
        if (parsed.GetValue(_yes))
        {
            return true;
        }

        if (!Host.InIsTerminal)
        {
            error = CliError.Usage("not_confirmed", "nothing was erased: there is nobody to ask. Pass --yes to erase without being asked.");
            return false;
        }

        printer.Remark("This cannot be undone. Type the subject's name again to erase it:");
        error = Host.In.ReadLine() == subject ? null : CliError.Usage("not_confirmed", "nothing was erased: the name that was typed is another.");
        return error is null;
    }
}
