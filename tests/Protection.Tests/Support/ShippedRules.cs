using System.Text.Json;
using Proofgate.Protection.Rules;

namespace Proofgate.Protection.Tests.Support;

/// <summary>The shipped rule file, and rule sets made of parts of it.</summary>
internal static class ShippedRules
{
    internal static readonly RuleFile File = RuleFile.Parse(RuleFile.ReadEmbedded());

    internal static readonly RedactionPlan MaskAll = new(RuleSet.Default);

    internal static RuleEntry Get(string id) => File.Rules.Single(rule => rule.Id == id);

    internal static RuleSet Only(params RuleEntry[] rules) =>
        RuleSet.Load(JsonSerializer.SerializeToUtf8Bytes(File with { Rules = rules }, RuleJson.Default.RuleFile));
}
