using System.Text;
using Proofgate.Cedar;

namespace Proofgate.Policy.Bundles;

/// <summary>Parses a bundle's <c>*.cedar</c> files into one set, each policy named by its <c>@id</c>.</summary>
internal static class PolicyFiles
{
    private const int MaxIdLength = 128;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static PolicySet Read(IReadOnlyDictionary<string, byte[]> files, List<string> problems)
    {
        var sets = new List<PolicySet>();
        foreach (var (name, content) in files.Where(static f => f.Key.EndsWith(".cedar", StringComparison.Ordinal)).OrderBy(static f => f.Key, StringComparer.Ordinal))
        {
            if (Parse(name, content, problems) is { } set)
            {
                var before = problems.Count;
                Check(name, set, problems);
                if (problems.Count == before)
                {
                    // Policies without an id of their own would collide by the ids that they were given.
                    sets.Add(set);
                }
            }
        }

        if (problems.Count == 0 && sets.Sum(static s => s.Policies.Count) == 0)
        {
            problems.Add("The bundle has no policy: without a permit every call is refused. Add a *.cedar file.");
        }

        switch (PolicySet.Merge(sets))
        {
            case PolicySetResult.Parsed merged:
                return merged.Policies;
            case PolicySetResult.Failed failed:
                problems.AddRange(failed.Errors.Select(static e => e.ToString()));
                break;
        }

        return PolicySet.Empty;
    }

    private static PolicySet? Parse(string name, byte[] content, List<string> problems)
    {
        try
        {
            switch (PolicySet.Parse(Utf8.GetString(content), name, PolicyNaming.ByAnnotation))
            {
                case PolicySetResult.Parsed parsed:
                    return parsed.Policies;
                case PolicySetResult.Failed failed:
                    problems.AddRange(failed.Errors.Select(static e => e.ToString()));
                    break;
            }
        }
        catch (ArgumentException)
        {
            problems.Add($"{name}: is not UTF-8.");
        }

        return null;
    }

    private static void Check(string file, PolicySet set, List<string> problems)
    {
        problems.AddRange(set.Templates.Select(t => $"{file}:{t.Position}: is a template; a bundle has policies only."));
        foreach (var policy in set.Policies)
        {
            if (!policy.Annotations.TryGetValue("id", out var id) || id is not { Length: > 0 and <= MaxIdLength })
            {
                problems.Add($"{file}:{policy.Position}: every policy needs an @id(\"...\") of at most {MaxIdLength} characters, which the ledger and refusals name.");
            }
            else if (id.StartsWith("proofgate.", StringComparison.Ordinal))
            {
                problems.Add($"{file}:{policy.Position}: ids that begin with 'proofgate.' are the engine's own.");
            }

            if (policy.Annotations.TryGetValue("mode", out var mode) && mode is not ("report" or "enforce"))
            {
                problems.Add($"{file}:{policy.Position}: @mode is \"enforce\" (as without it) or \"report\", which decides nothing and is recorded.");
            }

            if (policy.Annotations.TryGetValue("stepup", out var stepUp) && (policy.Effect != Effect.Forbid || !StepUp.TryParse(stepUp, out _)))
            {
                problems.Add($"{file}:{policy.Position}: @stepup stands on a forbid and names what lifts it: an acr value, or max_age=SECONDS.");
            }
        }
    }
}
