using Proofgate.Support;

namespace Proofgate.Local.Tests;

public sealed class RepositoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Root_IsFoundFromBelow_PastOtherPackages()
    {
        Write("package.json", """{ "name": "proofgate" }""");
        Write("tests/peers/package.json", """{ "name": "proofgate-peers" }""");
        Write("tests/peers/broken/package.json", "{");
        Write("tests/peers/broken/array/package.json", "[]");

        Assert.Equal(_folder.Path, Repository.FindRootAbove(_folder.Of("tests", "peers", "broken", "array")));
    }

    [Fact]
    public void Root_IsTheFirstStartThatHasOne()
    {
        Write("other/package.json", "{}");
        Write("clone/package.json", """{ "name": "proofgate" }""");
        Assert.Equal(_folder.Of("clone"), Repository.FindRootAbove(_folder.Of("other"), _folder.Of("clone")));
    }

    [Fact]
    public void Root_IsMissedWithASentence_OutsideAClone()
    {
        var error = Assert.Throws<LocalSetupException>(() => Repository.FindRootAbove(_folder.Path));
        Assert.Contains("Run this from a clone of the repository.", error.Message, StringComparison.Ordinal);
    }

    private void Write(string file, string content)
    {
        var path = _folder.Of(file.Split('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
