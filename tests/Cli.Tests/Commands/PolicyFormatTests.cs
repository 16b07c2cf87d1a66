using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

public sealed class PolicyFormatTests
{
    private const string Untidy = "@id(\"a\") // why\npermit(principal,action,resource)  when{context.label<2};";

    private const string Tidy = "@id(\"a\") // why\npermit (\n  principal,\n  action,\n  resource\n)\nwhen { context.label < 2 };\n";

    [Fact]
    public async Task Format_ChangesTheLayout_AndNothingElse()
    {
        using var workplace = new Workplace();
        BundleFiles.Write(workplace, policies: Untidy);

        var check = await workplace.RunAsync("policy", "format", "bundle", "--check", "--json");
        Assert.Equal(23, check.Exit);
        Assert.Equal("p.cedar", Assert.Single(check.Json.GetProperty("changed").EnumerateArray()).GetString());
        Assert.Equal(Untidy, Read(workplace));

        Assert.Equal(0, (await workplace.RunAsync("policy", "format", "bundle")).Exit);
        Assert.Equal(Tidy, Read(workplace));
        var again = await workplace.RunAsync("policy", "format", "bundle", "--check");
        Assert.Equal(0, again.Exit);
        Assert.Contains("nothing to format", again.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Format_LeavesAlone_WhatIsNoPolicy()
    {
        using var workplace = new Workplace();
        BundleFiles.Write(workplace, policies: "permit (principal");

        var run = await workplace.RunAsync("policy", "format", "bundle");

        Assert.Equal(20, run.Exit);
        Assert.Contains("p.cedar:1:", run.Out, StringComparison.Ordinal);
        Assert.Equal("permit (principal", Read(workplace));
    }

    private static string Read(Workplace workplace) => File.ReadAllText(Path.Combine(workplace.Folder, "bundle", "p.cedar"));
}
