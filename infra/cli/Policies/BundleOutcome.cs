using Proofgate.Policy;

namespace Proofgate.Cli.Policies;

/// <summary>What came of reading a bundle's folder.</summary>
internal abstract record BundleOutcome
{
    private BundleOutcome()
    {
    }

    /// <param name="Folder">As it was named or found.</param>
    /// <param name="Files">All files, by relative path.</param>
    internal sealed record Loaded(string Folder, PolicyBundle Bundle, IReadOnlyDictionary<string, byte[]> Files) : BundleOutcome;

    internal sealed record Unsound(string Folder, IReadOnlyList<string> Problems) : BundleOutcome;

    internal sealed record Failed(CliError Error) : BundleOutcome;
}
