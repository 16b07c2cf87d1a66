using Proofgate.Local;

namespace Proofgate.Support;

/// <summary>The working copy under test.</summary>
public static class RepositoryRoot
{
    public static string Path { get; } = Repository.FindRoot();

    public static string Of(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);
}
