using System.Text.Json;
using Xunit.Abstractions;

namespace Proofgate.Cedar.Tests.Vectors;

/// <summary>Cedar's published corpus again, now what its validator says.</summary>
[Trait("Category", "Vectors")]
public sealed class ValidationTests(ITestOutputHelper output)
{
    private static readonly string[] Parts = [".entities.json", ".json", ".cedarschema", ".cedar"];

    [VectorFact]
    public void Corpus_IsValidatedExactly_ForEveryPolicyEntityAndRequest()
    {
        var expected = Archive.Read("validation-half.tar.gz", [".validation.json"]).ToDictionary(test => test.Name, test => test.Parts[".validation.json"]);
        var differences = new List<string>();
        var (cases, policies, withErrors, entities, requests, alone) = (0, 0, 0, 0, 0, 0);
        foreach (var (name, parts) in Archive.Read("corpus-half.tar.gz", Parts))
        {
            using var test = JsonDocument.Parse(parts[".json"]);
            if (!expected.Remove(name, out var result))
            {
                // The validator's results are published for most tests only; of the others the corpus says whether the policies are valid.
                alone++;
                ValidationCase.RunAlone(name, parts[".cedarschema"], parts[".cedar"], test.RootElement, differences);
                continue;
            }

            using var document = JsonDocument.Parse(result);
            var validation = new ValidationCase(name, test.RootElement, document.RootElement, differences);
            validation.Run(parts[".cedarschema"], parts[".cedar"], parts[".entities.json"]);
            cases++;
            policies += validation.Policies;
            withErrors += validation.WithErrors;
            entities += validation.Entities;
            requests += validation.Requests;
        }

        output.WriteLine($"Validation: {cases} tests, {policies} policies in two modes together ({withErrors} with errors), {entities} entities, {requests} requests, "
            + $"{alone} tests by the corpus alone, {differences.Count} differences.");
        Assert.True(differences.Count == 0, string.Join("\n", differences.Take(20)));
        Assert.Empty(expected);
        Assert.NotEqual(0, cases);
    }
}
