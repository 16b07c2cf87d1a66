namespace Proofgate.Audit.Tests.Doubles;

internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("proofgate-audit-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
