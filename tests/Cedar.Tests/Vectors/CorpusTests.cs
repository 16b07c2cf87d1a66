using System.Text.Json;
using Proofgate.Cedar.Tests.Differential;
using Proofgate.Support;
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

    /// <summary>Cedar's own implementation reads the policies as JSON that we wrote, and answers what the corpus says.</summary>
    [VectorFact]
    [Trait("Category", "Heavy")]
    public async Task Corpus_IsAnsweredTheSame_ByCedarFromOurPolicyJson()
    {
        var (differences, requests, deep) = (new List<string>(), 0, 0);
        foreach (var batch in Archive.Read("corpus-half.tar.gz", Parts).Take(Counts.Of(20_000, output)).Chunk(500))
        {
            var cases = batch.Select(test => AuthorizationCase.Read(test.Name, test.Parts[".cedar"], test.Parts[".entities.json"], test.Parts[".json"], differences)!).ToArray();
            var answers = await WasmPeer.AnswerAsync(cases.Select(test => test.Question()));
            for (var i = 0; i < cases.Length; i++)
            {
                var answer = answers[i].GetProperty("text");
                if (answer.ValueKind == JsonValueKind.String && answer.GetString()!.Contains("recursion limit", StringComparison.Ordinal))
                {
                    deep++;
                    continue;
                }

                var expected = cases[i].Expected().ToArray();
                var actual = answer.ValueKind == JsonValueKind.Array ? answer.EnumerateArray().Select(a => a.GetString()!).ToArray() : [answer.GetString()!];
                requests += expected.Length;
                if (!expected.SequenceEqual(actual))
                    differences.Add($"{batch[i].Name}: expected {string.Join("; ", expected)}; got {string.Join("; ", actual)}");
            }
        }

        output.WriteLine($"Corpus by cedar-wasm from our policy JSON: {requests} requests, {differences.Count} differences; {deep} tests nested too deep for it.");
        Assert.True(differences.Count == 0, string.Join("\n", differences.Take(20)));
        Assert.NotEqual(0, requests);
    }
}
