using System.Diagnostics.CodeAnalysis;
using System.Text;
using Proofgate.Policy.Signing;

namespace Proofgate.Cli.Local;

/// <summary>Keys that sign policy: read with a bound, written for the owner alone and never over another.</summary>
internal static class PolicyKeyFile
{
    internal static bool TryLoad(
        string path, Action<string> remark, [NotNullWhen(true)] out PolicySigningKey? key, [NotNullWhen(false)] out CliError? error)
    {
        (key, error) = (null, null);
        try
        {
            using var reader = new StreamReader(path);
            var buffer = new char[PolicySigningKey.MaxLength + 1];
            if (!PolicySigningKey.TryParse(new string(buffer, 0, reader.ReadBlock(buffer)), out key))
            {
                error = CliError.Usage("policy_key_malformed", $"{path} is no policy key: `proofgate policy keygen` makes one.");
                return false;
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            error = CliError.Unreachable("policy_key_unreadable", $"{path} cannot be read: check that it exists and is yours.");
            return false;
        }

        if (KeyFile.IsReadByOthers(path))
        {
            remark($"Other users can read {path}: chmod 600 it.");
        }

        return true;
    }

    /// <summary>Writes a new file, mode 0600.</summary>
    /// <returns>Why not, or null.</returns>
    internal static CliError? TrySave(string path, PolicySigningKey key)
    {
        if (File.Exists(path))
        {
            return CliError.Usage("policy_key_exists", $"{path} exists and is not overwritten: name another file with --out, or move it away.");
        }

        try
        {
            using var file = KeyFile.Reserve(path);
            var bytes = Encoding.ASCII.GetBytes(key.Reveal());
            file.Write(bytes);
            file.SetLength(bytes.Length);
            file.Flush(flushToDisk: true);
            return null;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return CliError.Unreachable("policy_key_unwritable", $"{path} cannot be written: name another file, in a folder that is yours.");
        }
    }
}
