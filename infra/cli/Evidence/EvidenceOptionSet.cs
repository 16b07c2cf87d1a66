using System.CommandLine;
using Proofgate.Cli.Local;

namespace Proofgate.Cli.Evidence;

/// <summary>The options that name a copy of the evidence and its key.</summary>
internal sealed class EvidenceOptionSet
{
    internal Option<string?> Folder { get; } = new("--evidence")
    {
        HelpName = "FOLDER",
        Description = $"Folder with checkpoints, tiles and bundles, as `audit export` makes it. Else {StateFile.FolderName}/{StateFile.Name}.",
    };

    internal Option<string[]> Keys { get; } = new("--log-key")
    {
        HelpName = "VKEY",
        AllowMultipleArgumentsPerToken = true,
        Description = "Verifier key of the super-log, pinned out of band; after a change of the key both, the present one first. "
            + $"Else {StateFile.FolderName}/{StateFile.Name}, which is good for a local run only.",
    };
}
