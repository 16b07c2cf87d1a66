using System.Diagnostics.CodeAnalysis;
using Proofgate.Audit.Notes;

namespace Proofgate.Cli.Evidence;

/// <summary>The witness's key in its record's folder, made on first use with mode 0600.</summary>
internal static class WitnessKey
{
    internal static bool TryOpen(
        string folder, string newName, [NotNullWhen(true)] out Ed25519Signer? key, [NotNullWhen(true)] out string? name, [NotNullWhen(false)] out CliError? error)
    {
        (key, name, error) = (null, null, null);
        var file = Path.Combine(folder, "witness-key");
        try
        {
            if (!File.Exists(file))
            {
                Directory.CreateDirectory(folder);
                Make(file, newName);
            }

            if (Ed25519Signer.TryParse(File.ReadAllText(file).Trim(), out key, out name))
            {
                return true;
            }

            error = CliError.Unreachable("witness_key", $"{file} is not a witness's key: put the right one back.");
            return false;
        }
        catch (ArgumentException)
        {
            error = CliError.Usage("witness_name", "--name is not a key's name: no spaces and no plus.");
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = CliError.Unreachable("witness_key", $"{file} cannot be used: {e.Message}");
            return false;
        }
    }

    private static void Make(string file, string name)
    {
        using var made = Ed25519Signer.Generate();
        var text = made.Reveal(name);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(file, options);
        using var writer = new StreamWriter(stream);
        writer.WriteLine(text);
        writer.Flush();
        stream.Flush(flushToDisk: true);
    }
}
