namespace Proofgate.Infra.Tests.Workflows;

public sealed class WorkflowTests
{
    private static readonly string[] Names = [.. Directory.EnumerateFiles(Workflow.Folder).Select(static f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public static TheoryData<string> All { get; } = [.. Names];

    [Fact]
    public void Workflows_AreThese() => Assert.Equal(Workflow.Permissions.Keys.Order(StringComparer.Ordinal), Names);

    [Theory]
    [MemberData(nameof(All))]
    public void Workflow_MayDoWhatItNeeds_AndHoldsNoSecret(string name) => Assert.Empty(Workflow.Find(name, File.ReadAllText(Path.Combine(Workflow.Folder, name))));

    [Theory]
    [InlineData("  contents: read\n\nconcurrency", "  contents: write\n\nconcurrency", "permissions")]
    [InlineData("permissions:\n  contents: read\n", "", "permissions")]
    [InlineData("permissions:\n  contents: read\n", "permissions: write-all\n", "permissions")]
    [InlineData("    runs-on:", "    permissions:\n      packages: write\n    runs-on:", "permissions")]
    [InlineData("  pull_request:", "  pull_request_target:", "started by")]
    [InlineData("      - run: .ci/run", "      - run: .ci/run\n        env:\n          KEY: ${{ secrets.KEY }}", "secret")]
    [InlineData("      - run: .ci/run", "      - run: echo ${{ github.event.pull_request.title }}", "expression")]
    [InlineData("actions/checkout@v4", "someone/checkout@v4", "somebody else")]
    [InlineData("actions/checkout@v4", "actions/checkout@main", "major version")]
    [InlineData("persist-credentials: false", "persist-credentials: true", "token")]
    public void Finding_IsMade(string text, string other, string finding)
    {
        var workflow = File.ReadAllText(Path.Combine(Workflow.Folder, "test.yml"));
        Assert.Contains(text, workflow, StringComparison.Ordinal);
        Assert.Contains(Workflow.Find("test.yml", workflow.Replace(text, other, StringComparison.Ordinal)), f => f.Contains(finding, StringComparison.Ordinal));
    }
}
