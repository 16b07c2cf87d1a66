using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Proofgate.Client;

namespace Proofgate.Cli.Local;

/// <summary>Key pairs that API keys are bound to (K4), as PEM files.</summary>
internal static class KeyPairFile
{
    internal static bool TryLoad(string path, Action<string> remark, [NotNullWhen(true)] out DpopKeyPair? pair, [NotNullWhen(false)] out CliError? error)
    {
        pair = null;
        error = null;
        try
        {
            pair = DpopKeyPair.Load(path);
            if (KeyFile.IsReadByOthers(path))
            {
                remark($"Other users can read {path}: chmod 600 it.");
            }

            return true;
        }
        catch (CryptographicException)
        {
            error = CliError.Usage("key_pair_malformed", $"{path} holds no P-256 private key: an unencrypted PKCS#8 or SEC 1 PEM is needed.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            error = CliError.Unreachable("key_pair_unreadable", $"{path} cannot be read: check that it exists and is yours.");
        }

        return false;
    }

    /// <summary>Reads the pair; where there is no file, makes both, mode 0600, and says so.</summary>
    internal static bool TryLoadOrCreate(string path, Action<string> remark, [NotNullWhen(true)] out DpopKeyPair? pair, [NotNullWhen(false)] out CliError? error)
    {
        if (File.Exists(path))
        {
            return TryLoad(path, remark, out pair, out error);
        }

        error = null;
        pair = DpopKeyPair.Create();
        try
        {
            pair.Save(path);
            remark($"A new key pair is in {path}, which only you can read. Whoever uses the key needs it.");
            return true;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            pair.Dispose();
            pair = null;
            error = CliError.Unreachable("key_pair_unwritable", $"{path} cannot be written: name another file, in a folder that exists.");
            return false;
        }
    }
}
