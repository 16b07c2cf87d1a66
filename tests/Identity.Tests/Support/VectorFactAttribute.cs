using Proofgate.Support;

namespace Proofgate.Identity.Tests.Support;

/// <summary>A test that needs the vectors of Project Wycheproof, which are too large for this repository.</summary>
public sealed class VectorFactAttribute : FactAttribute
{
    public VectorFactAttribute()
    {
        if (Folder is null)
        {
            Skip = "No vectors: ../shared/vectors/wycheproof does not exist and PROOFGATE_VECTORS is not set.";
        }
    }

    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        var folder = Path.Combine(
            Environment.GetEnvironmentVariable("PROOFGATE_VECTORS") is { Length: > 0 } named ? named : RepositoryRoot.Of("..", "shared", "vectors"), "wycheproof");
        return Directory.Exists(folder) ? folder : null;
    }
}
