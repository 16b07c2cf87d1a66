using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Proofgate.Support;

namespace Proofgate.Infra.Tests.Compiler;

/// <summary>The templates are what the compiler takes without a word: syntax, types, properties, values, linter, format.</summary>
public sealed class CompilerTests
{
    [BicepFact]
    public async Task Templates_Compile_WithoutAWord()
    {
        var (exitCode, _, found) = await BicepCompiler.RunAsync("lint", RepositoryRoot.Of("infra", "main.bicep"));
        Assert.Equal((0, ""), (exitCode, found.Trim()));
        (exitCode, _, found) = await BicepCompiler.RunAsync("lint", RepositoryRoot.Of("infra", "main.bicepparam"));
        Assert.Equal((0, ""), (exitCode, found.Trim()));
    }

    /// <summary>What the compiler is trusted to find, it finds.</summary>
    [BicepTheory]
    [InlineData("modules/ledger.bicep", "allowSharedKeyAccess: false", "allowSharedKeysAccess: false", "BCP089")]
    [InlineData("modules/ledger.bicep", "accessTier: 'Hot'", "unheardOf: 'Hot'", "BCP037")]
    [InlineData("modules/ledger.bicep", "immutabilityPeriodSinceCreationInDays: retentionDays", "immutabilityPeriodSinceCreationInDays: '9'", "BCP036")]
    [InlineData("modules/ledger.bicep", "  kind: 'StorageV2'\n", "", "BCP035")]
    [InlineData("modules/ledger.bicep", "storageAccounts@2024-01-01", "storageAccounts@2024-01-31", "BCP081")]
    [InlineData("modules/ledger.bicep", "Microsoft.Authorization/locks", "Microsoft.Authorization/latches", "BCP081")]
    [InlineData("modules/vault.bicep", "kty: 'EC'", "kty: 'EC' 'RSA'", "BCP")]
    [InlineData("main.bicep", "output GATEWAY_VAULT string = vaults.gateway", "output GATEWAY_VAULT string = listKeys(workspaceId, '2023-09-01').primarySharedKey", "outputs-should-not-contain-secrets")]
    [InlineData("main.bicep", "param gatewayOrigin string = ''", "@secure()\nparam gatewayOrigin string = 'p'", "secure-parameter-default")]
    [InlineData("main.bicep", "param gatewayOrigin string = ''", "param gatewayOrigin string = ''\nparam other string = ''", "no-unused-params")]
    public async Task Mistake_IsFound(string file, string text, string other, string code)
    {
        using var templates = new Templates().With(file, text, other);
        var (_, _, found) = await BicepCompiler.RunAsync("lint", templates.Of("main.bicep"));
        if (file != "main.bicep")
        {
            found += (await BicepCompiler.RunAsync("lint", templates.Of(file))).Found;
        }

        Assert.Contains(code, found, StringComparison.Ordinal);
    }

    [BicepFact]
    public async Task Templates_AreFormatted()
    {
        foreach (var file in Templates.Files.Where(static f => !f.EndsWith(".json", StringComparison.Ordinal)))
        {
            var (exitCode, output, found) = await BicepCompiler.RunAsync("format", RepositoryRoot.Of("infra", file), "--stdout");
            Assert.True(exitCode == 0, found);
            Assert.Equal(await File.ReadAllTextAsync(RepositoryRoot.Of("infra", file)), output);
        }
    }

    [BicepFact]
    public async Task Parameters_AreDocumented_AndNoneIsASecret()
    {
        var template = await CompiledAsync();
        var parameters = template["parameters"]!.AsObject();
        Assert.InRange(parameters.Count, 1, 24);
        Assert.All(parameters, static p =>
        {
            Assert.NotNull(p.Value!["metadata"]?["description"]);
            Assert.DoesNotContain("secure", p.Value["type"]?.GetValue<string>() ?? "", StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotMatch("(?i)password|secret$|token|connectionString", p.Key);
        });
        Assert.Equal(["logOrigin", "name", "policyKeys"], parameters.Where(static p => p.Value!["defaultValue"] is null && p.Value["nullable"] is null).Select(static p => p.Key).Order());
    }

    /// <summary>So that a second deployment finds what the first one made.</summary>
    [BicepFact]
    public async Task Templates_AreOfNothingThatDiffers_FromOneDayToTheNext() =>
        Assert.Empty(Regex.Matches((await CompiledAsync()).ToJsonString(), @"\b(newGuid|utcNow|deployment|list\w*)\(").Select(static m => m.Value));

    private static async Task<JsonNode> CompiledAsync()
    {
        var (exitCode, output, found) = await BicepCompiler.RunAsync("build", RepositoryRoot.Of("infra", "main.bicep"), "--stdout");
        Assert.True(exitCode == 0, found);
        return JsonNode.Parse(output)!;
    }
}
