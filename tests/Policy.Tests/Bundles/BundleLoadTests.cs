using System.Text;
using System.Text.Json;
using Proofgate.Policy.Bundles;
using Proofgate.Tests.Support;
using Files = Proofgate.Tests.Support.Bundles;

namespace Proofgate.Policy.Tests.Bundles;

public sealed class BundleLoadTests
{
    private const string Permit = """@id("p") permit (principal, action, resource);""";

    [Fact]
    public void Load_ReportsEveryFaultWithItsPlace_InOneGo()
    {
        var problems = Files.Problems(
            ("bundle.json", """{ "timeZone": "Mars/Olympus", "labels": ["a", "a"], "kinds": { "US_SSN": { "label": "secret" }, "IBAN": 3 } }"""),
            ("a.cedar", "permit (principal, action, resource);\n@id(\"proofgate.x\") forbid (principal, action, resource);"),
            ("b.cedar", "permit (principal, action, resource"),
            ("c.cedar", "\n\n@id(\"t\") permit (principal == ?principal, action, resource);"));

        Assert.Contains(problems, static p => p.StartsWith("bundle.json: labels ", StringComparison.Ordinal) || p.Contains("labels must be", StringComparison.Ordinal));
        Assert.Contains(problems, static p => p.StartsWith("bundle.json: $.name", StringComparison.Ordinal));
        Assert.Contains(problems, static p => p.StartsWith("bundle.json: timeZone", StringComparison.Ordinal));
        Assert.Contains(problems, static p => p.StartsWith("bundle.json: kinds.US_SSN.label", StringComparison.Ordinal));
        Assert.Contains(problems, static p => p.StartsWith("bundle.json: kinds.IBAN", StringComparison.Ordinal));
        Assert.Contains(problems, static p => p.StartsWith("a.cedar:1:1: every policy needs an @id", StringComparison.Ordinal));
        Assert.Contains(problems, static p => p.StartsWith("a.cedar:2:1: ids that begin with 'proofgate.'", StringComparison.Ordinal));
        Assert.Contains(problems, static p => p.StartsWith("b.cedar:1:", StringComparison.Ordinal));
        Assert.Contains(problems, static p => p.StartsWith("c.cedar:3:1: is a template", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "name": "\ud800" }""")]
    [InlineData("""{ "\ud800": "a" }""")]
    public void Load_RefusesTexts_ThatAreNoUnicode(string manifest) =>
        Assert.Contains("not Unicode text", Assert.Single(Files.Problems(("bundle.json", manifest), ("a.cedar", Permit))), StringComparison.Ordinal);

    [Fact]
    public void Load_NamesBothPlaces_WhenAnIdOccursInTwoFiles()
    {
        var problem = Assert.Single(Files.Problems(("bundle.json", Files.Manifest), ("a.cedar", Permit), ("b.cedar", "\n" + Permit)));

        Assert.StartsWith("b.cedar:2:1:", problem, StringComparison.Ordinal);
        Assert.Contains("a.cedar:1:1", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DoesNotInventASecondFault_WhenPoliciesOfTwoFilesLackTheirId()
    {
        const string nameless = "permit (principal, action, resource);";
        var problems = Files.Problems(("bundle.json", Files.Manifest), ("a.cedar", nameless), ("b.cedar", nameless));

        Assert.Equal(2, problems.Count);
        Assert.All(problems, static p => Assert.Contains("needs an @id", p, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "name": "x", }  }""")]
    [InlineData("""{ "name": "x", "name": "y" }""")]
    [InlineData("""[]""")]
    [InlineData("")]
    [InlineData("""{ "name": "x", "kinds": [] }""")]
    [InlineData("""{ "name": "x", "kind": {} }""")]
    [InlineData("""{ "name": "\ud800" }""")]
    [InlineData("""{ "name": "x", "labels": ["\udc00"] }""")]
    [InlineData("""{ "name": "x", "labels": [] }""")]
    [InlineData("""{ "name": "x", "labels": "public" }""")]
    [InlineData("""{ "name": "" }""")]
    public void Load_Rejects_AManifestThatIsNotSound(string manifest)
    {
        var problems = Files.Problems(("bundle.json", manifest), ("p.cedar", Permit));

        Assert.NotEmpty(problems);
        Assert.All(problems, static p => Assert.Contains("bundle.json", p, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_Rejects_BytesThatAreNotUtf8()
    {
        var loader = new BundleLoader([]);
        var manifest = Encoding.UTF8.GetBytes(Files.Manifest);

        var policy = Assert.IsType<BundleLoad.Rejected>(loader.Load(new Dictionary<string, byte[]> { ["bundle.json"] = manifest, ["p.cedar"] = [0xC3, 0x28] }));
        Assert.Equal("p.cedar: is not UTF-8.", policy.Problems[0]);

        byte[] broken = [.. "{ \"name\": \""u8, 0xFF, .. "\" }"u8];
        var name = Assert.IsType<BundleLoad.Rejected>(
            loader.Load(new Dictionary<string, byte[]> { ["bundle.json"] = broken, ["p.cedar"] = Encoding.UTF8.GetBytes(Permit) }));
        Assert.Contains("bundle.json", name.Problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Rejects_ABundleWithoutAPolicy() =>
        Assert.Contains("no policy", Assert.Single(Files.Problems(("bundle.json", Files.Manifest), ("x.cedar", "// nothing"))), StringComparison.Ordinal);

    [Fact]
    public void Load_Rejects_AFolderWithoutAManifest()
    {
        using var folder = new TemporaryFolder();
        folder.Write("p.cedar", Permit);

        Assert.Contains("bundle.json", Assert.Single(Rejected(folder.Path).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void LoadFolder_Rejects_MoreThanTheLimits()
    {
        using var folder = new TemporaryFolder();
        folder.Write("bundle.json", Files.Manifest);
        folder.Write("p.cedar", Permit);
        folder.Write("big.bin", new string('x', BundleLoader.MaxBytes));
        Assert.Contains("8 MiB", Assert.Single(Rejected(folder.Path).Problems), StringComparison.Ordinal);

        File.Delete(Path.Combine(folder.Path, "big.bin"));
        for (var i = 0; i < BundleLoader.MaxFiles - 1; i++)
        {
            folder.Write($"f{i}.txt", "");
        }

        Assert.Contains("1000 files", Assert.Single(Rejected(folder.Path).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Digest_ChangesWithAnyByteAndName_AndNotWithTheTimeOfAFile()
    {
        using var folder = new TemporaryFolder();
        folder.Write("bundle.json", Files.Manifest);
        folder.Write("sub/p.cedar", Permit);
        folder.Write("readme.txt", "a");
        var first = Loaded(folder.Path).Digest;
        Assert.Matches("^[0-9a-f]{64}$", first);

        File.SetLastWriteTimeUtc(Path.Combine(folder.Path, "bundle.json"), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        folder.Write(".hidden", "x");
        folder.Write(".git/config", "x");
        Assert.Equal(first, Loaded(folder.Path).Digest);

        var seen = new HashSet<string> { first };
        folder.Write("bundle.json", Files.Manifest + " ");
        Assert.True(seen.Add(Loaded(folder.Path).Digest));
        folder.Write("sub/p.cedar", Permit + "\n");
        Assert.True(seen.Add(Loaded(folder.Path).Digest));
        folder.Write("readme.txt", "b");
        Assert.True(seen.Add(Loaded(folder.Path).Digest));
        File.Move(Path.Combine(folder.Path, "readme.txt"), Path.Combine(folder.Path, "readme.md"));
        Assert.True(seen.Add(Loaded(folder.Path).Digest));
        folder.Write("empty.txt", "");
        Assert.True(seen.Add(Loaded(folder.Path).Digest));
    }

    [Fact]
    public void Section_ReadsItsPartAndReportsItsFaults_WithTheOthers()
    {
        const string manifest = """{ "name": "x", "zones": { "a": { "colour": "dark-red", "on": true }, "b": { "colour": "red, blue", "on": 1 }, "c": 1 } }""";
        var problems = Assert.IsType<BundleLoad.Rejected>(Files.Load([new Zones()], ("bundle.json", manifest), ("p.cedar", Permit))).Problems;

        Assert.Equal(
            ["bundle.json: zones.b.colour must be one of red, darkred, blue.", "bundle.json: zones.b.on must be true or false.", "bundle.json: zones.c must be an object."],
            problems);
        var good = Files.Of(Permit, """{ "name": "x", "zones": { "a": { "colour": "dark-red", "on": true } } }""", new Zones());
        Assert.Equal([Colour.DarkRed], good.Part<Zones.Part>().Colours);
    }

    [Theory]
    [InlineData("""@id("a") permit (principal, action == Proofgate::Action::"infer", resource) when { context.lable > 1 };""", "p.cedar:1:", "label")]
    [InlineData("""@id("a") permit (principal, action == Proofgate::Action::"infr", resource);""", "p.cedar:1:", "infer")]
    [InlineData("""@id("a") permit (principal, action, resource) when { context.declaredPurpose == "x" };""", "p.cedar:1:", "has")]
    [InlineData("""@id("a") permit (principal, action, resource) when { context.label == "1" };""", "p.cedar:1:", "")]
    public void Load_RefusesAPolicy_ThatTheSchemaDoesNotAllow(string policy, string place, string hint)
    {
        var problems = Files.Problems(("bundle.json", Files.Manifest), ("p.cedar", policy));
        Assert.All(problems, p => Assert.StartsWith(place, p, StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains(hint, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_RefusesASchema_ThatDoesNotDescribeWhatTheGatewayAsks()
    {
        var schema = File.ReadAllText(Path.Combine(Files.SampleFolder, "proofgate.cedarschema"));
        foreach (var changed in new[]
        {
            schema.Replace("    risk?: Long,\n", string.Empty, StringComparison.Ordinal),
            schema.Replace("label: Long,\n    kinds", "label: String,\n    kinds", StringComparison.Ordinal),
            schema.Replace("entity User in [Role]", "entity User", StringComparison.Ordinal),
            schema.Replace("provider: String, ", string.Empty, StringComparison.Ordinal),
            schema.Replace("  action manage appliesTo", "  action manages appliesTo", StringComparison.Ordinal),
        })
        {
            Assert.NotEqual(schema, changed);
            var problems = Files.Problems(("bundle.json", Files.Manifest), ("p.cedar", Permit), ("proofgate.cedarschema", changed));
            Assert.Contains(problems, static p => p.StartsWith("proofgate.cedarschema: does not describe what the gateway asks for ", StringComparison.Ordinal));
        }

        Assert.Contains(
            "proofgate.cedarschema:1:",
            Assert.Single(Files.Problems(("bundle.json", Files.Manifest), ("p.cedar", Permit), ("proofgate.cedarschema", "entity"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_RefusesABundle_ThatDoesNotPassItsOwnTests()
    {
        const string tests = """
            { "now": "2026-06-15T09:30:00Z", "principals": { "u": { "user": "u", "tenant": "t" } }, "actions": ["infer"],
              "resources": { "m": { "model": "m", "provider": "p", "region": "r", "maxLabel": 1, "external": true } },
              "cases": [{ "name": "nobody", "expect": "deny" }] }
            """;
        var problem = Assert.Single(Files.Problems(("bundle.json", Files.Manifest), ("p.cedar", Permit), ("tests/a.test.json", tests)));
        Assert.StartsWith("tests/a.test.json: nobody (u, infer, m, base): ", problem, StringComparison.Ordinal);
    }

    private static BundleLoad.Rejected Rejected(string folder) => Assert.IsType<BundleLoad.Rejected>(new BundleLoader([]).LoadFolder(folder));

    private static PolicyBundle Loaded(string folder) => Assert.IsType<BundleLoad.Loaded>(new BundleLoader([]).LoadFolder(folder)).Bundle;

    private enum Colour
    {
        Red,
        DarkRed,
        Blue,
    }

    private sealed class Zones : IBundleSection
    {
        public object Read(BundleReader bundle) => new Part([.. bundle.Members("zones").Select(z => One(bundle, z.Name, z.Value))]);

        private static Colour One(BundleReader bundle, string name, JsonElement node)
        {
            var colour = bundle.Choice(node, $"zones.{name}", "colour", Colour.Red);
            _ = bundle.Flag(node, $"zones.{name}", "on");
            return colour;
        }

        internal sealed record Part(IReadOnlyList<Colour> Colours);
    }
}
