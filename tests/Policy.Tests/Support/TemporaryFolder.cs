using IO = System.IO;

namespace Proofgate.Tests.Support;

/// <summary>A folder that goes when the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("proofgate-policy-").FullName;

    internal void Write(string name, string text)
    {
        var path = IO.Path.Combine(Path, name);
        Directory.CreateDirectory(IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
