using System.Text;
using Proofgate.Cedar;

namespace Proofgate.Policy.Bundles;

/// <summary>
/// Reads a bundle's schema and holds the bundle to it: every policy is validated strictly, and the schema must describe the questions that the
/// gateway asks. A policy that could never hold, or would fail on every call, is found before it decides anything.
/// </summary>
internal static class SchemaFile
{
    internal const string Name = "proofgate.cedarschema";

    private static readonly Lazy<byte[]> Vocabulary = new(static () =>
    {
        using var embedded = typeof(SchemaFile).Assembly.GetManifestResourceStream(Name)!;
        using var content = new MemoryStream();
        embedded.CopyTo(content);
        return content.ToArray();
    });

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The bundle's own schema; the gateway's vocabulary, which is the sample's, where it has none.</summary>
    /// <returns>Null, with the problems, where it cannot be used.</returns>
    internal static Schema? Read(IReadOnlyDictionary<string, byte[]> files, IEnumerable<IBundleQuestions> parts, List<string> problems)
    {
        var content = files.GetValueOrDefault(Name) ?? Vocabulary.Value;
        try
        {
            switch (Schema.Parse(Utf8.GetString(content), Name, string.Join('\n', parts.Select(static p => p.Declarations))))
            {
                case SchemaResult.Parsed parsed:
                    return parsed.Schema;
                case SchemaResult.Failed failed:
                    problems.AddRange(failed.Errors.Select(static e => e.ToString()));
                    break;
            }
        }
        catch (ArgumentException)
        {
            problems.Add($"{Name}: is not UTF-8.");
        }

        return null;
    }

    internal static void Check(Schema schema, PolicySet policies, IEnumerable<IBundleQuestions> parts, List<string> problems)
    {
        problems.AddRange(schema.Validate(policies).Errors.Select(static e => e.ToString()));
        foreach (var question in Questions.All.Concat(parts.SelectMany(static p => p.Questions).SelectMany(Questions.Of)))
        {
            var (request, resource) = question;
            foreach (var error in schema.Check(request).Concat(schema.Check(Entities.Create([Questions.User, Questions.Client, resource]))))
            {
                var problem = $"{Name}: does not describe what the gateway asks for {request.Action}: {error}";
                if (!problems.Contains(problem))
                {
                    problems.Add(problem);
                }
            }
        }
    }
}
