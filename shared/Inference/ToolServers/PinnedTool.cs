using Proofgate.Cedar;
using Proofgate.Enforcement.Tools;
using Proofgate.Policy;

namespace Proofgate.Inference.ToolServers;

/// <summary>A tool as the bundle's author saw it: by the digest of everything that models and clients are told of it.</summary>
/// <param name="Server">The server's name.</param>
/// <param name="Name">What the server calls it.</param>
/// <param name="Digest">See <see cref="ToolDigest"/>.</param>
/// <param name="Label">Rank of the label that its results carry at least.</param>
/// <param name="External">Whether the arguments leave the organisation.</param>
public sealed record PinnedTool(string Server, string Name, string Digest, long Label, bool External)
{
    /// <summary>What callers call it.</summary>
    public string PublicName { get; } = ToolName.Of(Server, Name);

    internal Entity ToEntity() => Vocabulary.Tool(PublicName, Server, Label, External);
}
