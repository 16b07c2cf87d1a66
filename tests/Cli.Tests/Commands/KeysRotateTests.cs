using System.Text.Json;
using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

[Trait("Rule", "K5")]
public sealed class KeysRotateTests
{
    private static readonly string Rotated =
        $$"""{"key":"{{Samples.NewKey}}","record":{{Samples.Record}},"retired":{{Samples.Record.Replace("BBBBBBBB", "AAAAAAAA", StringComparison.Ordinal).Replace("2026-12-01T00:00:00Z", "2026-06-02T12:00:00Z", StringComparison.Ordinal)}}}""";

    [Theory]
    [InlineData(null, "{}")]
    [InlineData("0h", """{"overlapHours":0}""")]
    [InlineData("90m", """{"overlapHours":1.5}""")]
    [InlineData("24h", """{"overlapHours":24}""")]
    [InlineData("7d", """{"overlapHours":168}""")]
    public async Task Rotate_SendsTheOverlap_InHours(string? overlap, string body)
    {
        await using var gateway = await FakeGateway.AnsweringAsync(201, Rotated);
        using var workplace = new Workplace();

        var run = await workplace.RunAsync(["keys", "rotate", "AAAAAAAA", "--gateway", gateway.Address, .. overlap is null ? [] : new[] { "--overlap", overlap }]);

        Assert.Equal(0, run.Exit);
        Assert.Equal(("POST", "/manage/keys/AAAAAAAA/rotate"), (gateway.Request.Method, gateway.Request.Path));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(body), JsonElement.Parse(gateway.Request.Body)), gateway.Request.Body);
    }

    [Fact]
    public async Task Rotate_PrintsTheNewKeyAlone_AndSaysHowLongTheOldOneHolds()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(201, Rotated);
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "rotate", "AAAAAAAA", "--gateway", gateway.Address);

        Assert.Equal(Samples.NewKey, run.Out.Trim());
        Assert.Contains("The old key AAAAAAAA holds until 2026-06-02 12:00 UTC.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Samples.NewKey, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotate_WritesTheKeyToAFile_AndPrintsBothRecords_WithJson()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(201, Rotated);
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "rotate", "AAAAAAAA", "--gateway", gateway.Address, "--out", "next", "--json");

        Assert.Equal(Samples.NewKey, File.ReadAllText(Path.Combine(workplace.Folder, "next")).Trim());
        Assert.Equal(("BBBBBBBB", "AAAAAAAA"), (run.Json.GetProperty("record").GetProperty("kid").GetString(), run.Json.GetProperty("retired").GetProperty("kid").GetString()));
        Assert.DoesNotContain(Samples.NewKey, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotate_LeavesNoFile_WhenItIsRefused()
    {
        await using var gateway = await FakeGateway.RefusingAsync(409, "key_has_successor", "Its successor CCCCCCCC is alive.");
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "rotate", "AAAAAAAA", "--gateway", gateway.Address, "--out", "next");

        Assert.Equal(5, run.Exit);
        Assert.Contains("CCCCCCCC", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(workplace.Folder, "next")));
    }
}
