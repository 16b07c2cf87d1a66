namespace Proofgate.Policy.Testing;

/// <summary>Something in a test file that cannot be run as it is.</summary>
/// <param name="File">Path in the bundle.</param>
/// <param name="Path">JSON path: <c>principals.dana.roles[0]</c>. Empty for the file as a whole.</param>
/// <param name="Message">What is wrong and what to do, one sentence.</param>
public sealed record BundleTestProblem(string File, string Path, string Message)
{
    public override string ToString() => Path.Length == 0 ? $"{File}: {Message}" : $"{File}: {Path}: {Message}";
}
