namespace Proofgate.Cli.Tests.Support;

/// <summary>A small bundle in a folder of a workplace.</summary>
internal static class BundleFiles
{
    internal const string Policies = """
        @id("developers") permit (principal in Proofgate::Role::"developer", action == Proofgate::Action::"infer", resource == Proofgate::Model::"assistant");
        @id("labels") @reason("Too secret.") forbid (principal, action == Proofgate::Action::"infer", resource)
        when { context.label > resource.maxLabel };
        """;

    internal const string Tests = """
        {
          "now": "2026-06-15T09:30:00Z",
          "principals": {
            "dana": { "user": "dana", "tenant": "t", "roles": ["developer"] },
            "sam": { "user": "sam", "tenant": "t" },
          },
          "actions": ["infer"],
          "resources": { "assistant": { "model": "assistant" }, "elsewhere": { "model": "assistant@eu" } },
          "contexts": { "low": {}, "high": { "label": "restricted" } },
          "cases": [
            { "name": "developers", "principals": ["dana"], "contexts": ["low"], "expect": "allow", "because": ["developers"] },
            { "name": "others", "principals": ["sam"], "contexts": ["low"], "expect": "deny", "because": [] },
            { "name": "secrets", "contexts": ["high"], "expect": "deny", "because": ["labels"] },
          ],
        }
        """;

    private const string Manifest = """
        {
          "name": "test",
          "upstreams": {
            "us": { "protocol": "openai", "provider": "openai", "region": "us", "external": true, "endpoint": "https://models.example", "authentication": "bearer" },
            "eu": { "protocol": "openai", "provider": "azure", "region": "eu", "external": true, "endpoint": "https://eu.models.example", "authentication": "bearer" }
          },
          "models": { "assistant": { "maxLabel": "internal", "targets": [{ "upstream": "us", "model": "m" }, { "upstream": "eu", "model": "m" }] } }
        }
        """;

    /// <returns>The folder's name.</returns>
    internal static string Write(Workplace workplace, string folder = "bundle", string policies = Policies, string? tests = Tests)
    {
        workplace.Write($"{folder}/bundle.json", Manifest);
        workplace.Write($"{folder}/p.cedar", policies);
        if (tests is not null)
        {
            workplace.Write($"{folder}/tests/models.test.json", tests);
        }

        return folder;
    }
}
