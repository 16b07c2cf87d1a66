using System.Diagnostics.CodeAnalysis;
using Proofgate.Policy.Bundles;
using Proofgate.Policy.Signing;

namespace Proofgate.Cli.Local;

/// <summary>Bundles on this machine: a folder of files, or a file that their author has signed.</summary>
internal static class BundleFile
{
    private const string Missing = "bundle_unreadable";

    /// <summary>Reads and packs a folder.</summary>
    internal static bool TryPack(
        string folder, [NotNullWhen(true)] out IReadOnlyDictionary<string, byte[]>? files, [NotNullWhen(true)] out byte[]? pack,
        [NotNullWhen(false)] out CliError? error)
    {
        (pack, error) = (null, null);
        try
        {
            if (!BundleFolder.TryRead(folder, out files, out var problem) || !BundlePack.TryWrite(files, out pack, out problem))
            {
                files = null;
                error = CliError.Usage("not_a_bundle", $"{folder} cannot be a bundle: {problem}");
                return false;
            }

            return true;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            files = null;
            error = CliError.Unreachable(Missing, $"{folder} cannot be read: check that its files are yours.");
            return false;
        }
    }

    /// <summary>Signs what a folder holds, to follow the bundle that is active.</summary>
    internal static async Task<SignedBundle> SignAsync(
        IReadOnlyDictionary<string, byte[]> files, byte[] pack, string? follows, PolicySigningKey author, TimeProvider time, CancellationToken cancellationToken)
    {
        var statement = new BundleStatement(BundlePack.DigestOf(files), follows, author.Key, time.GetUtcNow());
        return new SignedBundle(await statement.SignAsync(author, cancellationToken), pack, files);
    }

    /// <summary>Reads a file that <c>policy pack</c> made.</summary>
    internal static bool TryRead(string path, [NotNullWhen(true)] out SignedBundle? bundle, [NotNullWhen(false)] out CliError? error)
    {
        (bundle, error) = (null, null);
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > SignedBundle.MaxBytes)
            {
                error = CliError.Usage("not_a_bundle", $"{path} is larger than a signed bundle can be.");
                return false;
            }

            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            if (!SignedBundle.TryRead(bytes, out bundle, out var problem))
            {
                error = CliError.Usage("not_a_bundle", $"{path} cannot be used: {problem}");
                return false;
            }

            return true;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            error = CliError.Unreachable(Missing, $"{path} cannot be read: check that it exists and is yours.");
            return false;
        }
    }
}
