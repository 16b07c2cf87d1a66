using Proofgate.Local.Setup;
using Proofgate.Support;

namespace Proofgate.Local.Tests.Setup;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Space_IsAskedForInMegabytes_WhenTheDiskHasTooLittle()
    {
        var error = Assert.Throws<LocalSetupException>(() => DiskSpace.Require(_folder.Path, long.MaxValue, "tables"));
        Assert.Contains($"The disk of {_folder.Path} has ", error.Message, StringComparison.Ordinal);
        Assert.Contains($"tables need {long.MaxValue >> 20} MB. Make space, or choose another folder.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_IsRefusedWithASentence_WhenItCannotBeMade()
    {
        File.WriteAllText(_folder.Of("file"), "");
        var error = Assert.Throws<LocalSetupException>(() => DataFolder.Open(_folder.Of("file", "data")));
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_IsFree_AfterItsHolderLetGo()
    {
        DataFolder.Open(_folder.Of("data")).Dispose();
        using var again = DataFolder.Open(_folder.Of("data"));
        Assert.Throws<LocalSetupException>(() => DataFolder.Open(_folder.Of("data")));
    }
}
