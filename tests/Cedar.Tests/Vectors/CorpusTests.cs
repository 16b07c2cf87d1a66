using Xunit.Abstractions;

namespace Proofgate.Cedar.Tests.Vectors;

/// <summary>Cedar's published corpus, read straight out of its archive: every request of every test, exact.</summary>
[Trait("Category", "Vectors")]
public sealed class CorpusTests(ITestOutputHelper output)
{
    private static readonly string[] Parts = [".entities.json", ".json", ".cedar"];

    [VectorFact]
    public void Corpus_IsAnsweredExactly_ForEveryRequest()
    {
        var differences = new List<string>();
        var (cases, requests) = (0, 0);
        foreach (var (name, parts) in Archive.Read("corpus-half.tar.gz", Parts))
        {
            var test = AuthorizationCase.Read(name, parts[".cedar"], parts[".entities.json"], parts[".json"], differences);
            cases++;
            requests += test?.Requests ?? 0;
            test?.Run(name, differences);
        }

        output.WriteLine($"Corpus: {cases} tests, {requests} requests, {differences.Count} differences.");
        Assert.True(differences.Count == 0, string.Join("\n", differences.Take(20)));
        Assert.NotEqual(0, requests);
    }
}
