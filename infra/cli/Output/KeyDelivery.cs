using System.Diagnostics.CodeAnalysis;
using Proofgate.Cli.Local;

namespace Proofgate.Cli.Output;

/// <summary>Brings a new key to its owner once: into a file that was reserved before the key was asked for, or onto stdout.</summary>
internal sealed class KeyDelivery(Printer printer) : IDisposable
{
    private NewKeyFile? _file;

    /// <summary>Reserves the file; null delivers to stdout.</summary>
    internal bool TryReserve(string? path, [NotNullWhen(false)] out CliError? error)
    {
        error = path is null ? null : NewKeyFile.TryReserve(path, out _file);
        return error is null;
    }

    internal int Deliver(Secret key, IssuedKeyDocument document)
    {
        if (_file is null)
        {
            if (printer.Json)
            {
                printer.Document(document with { Key = key.Reveal() }, CliJson.Default.IssuedKeyDocument);
            }
            else
            {
                printer.Reveal(key);
                printer.Remark($"Key {document.Kid}{Until(document)}. It is shown this once: keep it where only its owner can read it.");
            }

            return ExitCode.Done.Value;
        }

        try
        {
            _file.Write(key);
        }
        catch (IOException)
        {
            return printer.Fail(CliError.Unreachable(
                "key_lost", $"key {document.Kid} was made but {_file.Path} could not be written: revoke it with `proofgate keys revoke {document.Kid}`."));
        }

        if (printer.Json)
        {
            printer.Document(document with { KeyFile = _file.Path }, CliJson.Default.IssuedKeyDocument);
        }
        else
        {
            printer.Line($"Key {document.Kid}{Until(document)} is in {_file.Path}, which only you can read.");
        }

        return ExitCode.Done.Value;
    }

    public void Dispose() => _file?.Dispose();

    private static string Until(IssuedKeyDocument document) =>
        document.Expires is { } end ? $", good until {end.UtcDateTime:yyyy-MM-dd}" : ", which never expires";
}
