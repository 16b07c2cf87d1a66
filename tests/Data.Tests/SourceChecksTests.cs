using Proofgate.Data.Tests.Support;

namespace Proofgate.Data.Tests;

/// <summary>The catalogue is held to the source as it is.</summary>
public sealed class SourceChecksTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("ALTER TABLE people ADD COLUMN secret TEXT", "has the column 'secret', to which the catalogue gives no label.")]
    [InlineData("ALTER TABLE people DROP COLUMN notes", "has no column 'notes'.")]
    [InlineData("ALTER TABLE people DROP COLUMN notes; ALTER TABLE people ADD COLUMN notes INTEGER", "has 'notes' of the type INTEGER, and the catalogue wants one with the affinity TEXT.")]
    [InlineData("DROP TABLE people", "does not exist at the source, or may not be read there.")]
    [InlineData("ALTER TABLE people RENAME TO persons; CREATE VIEW people AS SELECT * FROM persons", "")]
    public async Task Source_IsComparedWithTheCatalogue(string change, string problem)
    {
        using var file = new SqliteFile(SqliteFile.People + change);
        using var rig = new DataRig(People.Manifest("sqlite"), People.Permits, file.Setting);
        var problems = await rig.Checks.ProbeAsync(rig.Bundle, CancellationToken.None);
        Assert.Equal(problem.Length == 0 ? [] : [$"bundle.json: datasets.people {problem}"], problems);
    }

    [Fact]
    public async Task Source_ThatIsAway_IsNoFaultOfTheBundle()
    {
        using var rig = new DataRig(People.Manifest("sqlite"), People.Permits, ("Proofgate:DataSources:main:Address", "/nowhere/at/all.db"));
        Assert.Empty(await rig.Checks.ProbeAsync(rig.Bundle, CancellationToken.None));
        Assert.IsType<SourceState.Unreachable>(await rig.Checks.StateOfAsync(rig.Dataset(), CancellationToken.None));
        using var none = new DataRig(People.Manifest("sqlite"), People.Permits);
        Assert.IsType<SourceState.NotConfigured>(await none.Checks.StateOfAsync(none.Dataset(), CancellationToken.None));
    }
}
