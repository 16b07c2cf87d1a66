using Proofgate.Inference.Recognisers;
using Proofgate.Inference.Tools;
using Proofgate.Policy.Bundles;
using Proofgate.Tests.Support;

namespace Proofgate.Inference.Tests.Recognisers;

/// <summary>A control that is misspelt never fires: the bundle is refused and says where.</summary>
public sealed class RecogniserSectionTests
{
    private const string Good = """ "provider": "presidio", "region": "eu", "external": false, "maxLabel": "restricted", "language": "en", "threshold": 0.5, "prompts": true, "answers": false""";

    [Fact]
    public void Recogniser_IsReadWithItsKinds()
    {
        var bundle = Bundles.Of("""@id("p") permit (principal, action, resource);""", Manifest($$"""{ {{Good}}, "entities": { "PERSON": "PERSON_NAME" } }"""), new RecogniserSection());
        var entry = bundle.Part<RecogniserCatalog>().Recogniser!;
        Assert.Equal(("presidio", "en", 0.5, true, false), (entry.Name, entry.Language, entry.Threshold, entry.Prompts, entry.Answers));
        Assert.Equal("PERSON_NAME", entry.Entities["PERSON"].Name);
        Assert.Null(Bundles.Of("""@id("p") permit (principal, action, resource);""", Bundles.Manifest, new RecogniserSection()).Part<RecogniserCatalog>().Recogniser);
    }

    [Theory]
    [InlineData("", "entities")]
    [InlineData(""", "entities": {}""", "entities")]
    [InlineData(""", "entities": { "PERSON": "person" }""", "entities.PERSON")]
    [InlineData(""", "entities": { "PERSON": "WITHHELD" }""", "entities.PERSON")]
    [InlineData(""", "threshold": 1.5, "entities": { "PERSON": "PERSON_NAME" }""", "threshold")]
    public void Fault_RefusesTheBundle_AndIsNamed(string more, string where)
    {
        var good = more.Contains("threshold", StringComparison.Ordinal) ? Good.Replace(""" "threshold": 0.5,""", string.Empty, StringComparison.Ordinal) : Good;
        Assert.Contains(Problems(Manifest($"{{ {good}{more} }}")), p => p.Contains($"recognisers.presidio.{where}", StringComparison.Ordinal));
    }

    [Fact]
    public void SecondRecogniser_AndToolWithoutALabel_RefuseTheBundle()
    {
        Assert.Contains(
            Problems($$"""{ "name": "x", "recognisers": { "a": { {{Good}}, "entities": { "PERSON": "P" } }, "b": {} } }"""), static p => p.Contains("recognisers.b is a second", StringComparison.Ordinal));
        Assert.Contains(Problems("""{ "name": "x", "clientTools": { "send mail": { "source": "s", "label": "public" } } }"""), static p => p.Contains("clientTools.send mail", StringComparison.Ordinal));
        Assert.Contains(Problems("""{ "name": "x", "clientTools": { "send_mail": { "source": "s" } } }"""), static p => p.Contains("clientTools.send_mail.label", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://presidio.example.com", 5, "Endpoint")]
    [InlineData("https://u:p@presidio.example.com", 5, "Endpoint")]
    [InlineData("presidio", 5, "Endpoint")]
    [InlineData("https://presidio.example.com", 0, "Timeout")]
    [InlineData("https://presidio.example.com", 121, "Timeout")]
    public void Setting_OutsideItsBounds_IsAProblem(string endpoint, int seconds, string setting) => Assert.Contains(
        setting, Assert.Single(new RecogniserOptions { Endpoint = endpoint, Timeout = TimeSpan.FromSeconds(seconds) }.Problems()), StringComparison.Ordinal);

    [Fact]
    public void Sizes_HaveBounds_AndTheDefaultsAreWithin()
    {
        Assert.Empty(new RecogniserOptions { Endpoint = "http://127.0.0.1:5002" }.Problems());
        Assert.Equal(3, new RecogniserOptions { MaxRequestLength = 1, MaxAnswerBytes = 1, MaxHeldBytes = 1 }.Problems().Count());
    }

    private static string Manifest(string recogniser) => $$"""{ "name": "x", "recognisers": { "presidio": {{recogniser}} } }""";

    private static IReadOnlyList<string> Problems(string manifest) => Assert.IsType<BundleLoad.Rejected>(
        Bundles.Load([new RecogniserSection(), new ClientToolSection()], ("bundle.json", manifest), ("p.cedar", """@id("p") permit (principal, action, resource);"""))).Problems;
}
