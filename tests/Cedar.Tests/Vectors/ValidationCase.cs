using System.Text;
using System.Text.Json;

namespace Proofgate.Cedar.Tests.Vectors;

/// <summary>One test of the corpus with what Cedar's validator says: of the set, of each policy, of each entity and of each request, in both modes.</summary>
internal sealed class ValidationCase(string name, JsonElement test, JsonElement expected, List<string> differences)
{
    private static readonly ValidationMode[] Modes = [ValidationMode.Strict, ValidationMode.Permissive];

    public int Policies { get; private set; }

    public int WithErrors { get; private set; }

    public int Entities { get; private set; }

    public int Requests { get; private set; }

    /// <summary>A test without the validator's results: what the corpus itself says of policies and requests.</summary>
    public static void RunAlone(string name, byte[] schemaText, byte[] policyText, JsonElement test, List<string> differences)
    {
        if (Schema.Parse(Encoding.UTF8.GetString(schemaText), name) is not SchemaResult.Parsed { Schema: var schema })
        {
            differences.Add($"{name}: the schema is refused");
            return;
        }

        var report = schema.Validate(((PolicySetResult.Parsed)PolicySet.Parse(Encoding.UTF8.GetString(policyText), name)).Policies);
        if (report.IsValid != test.GetProperty("shouldValidate").GetBoolean())
            differences.Add($"{name}, shouldValidate: got {report.IsValid}: {string.Join("; ", report.Errors)}");
        foreach (var asked in test.GetProperty("requests").EnumerateArray())
        {
            var errors = schema.Check(AuthorizationCase.Request(asked));
            if ((errors.Count == 0) != asked.GetProperty("validateRequest").GetBoolean())
                differences.Add($"{name}, {asked.GetProperty("description").GetString()}, validateRequest: got {errors.Count == 0}: {string.Join("; ", errors)}");
        }
    }

    public void Run(byte[] schemaText, byte[] policyText, byte[] entityJson)
    {
        if (Schema.Parse(Encoding.UTF8.GetString(schemaText), name) is not SchemaResult.Parsed { Schema: var schema })
        {
            differences.Add($"{name}: {((SchemaResult.Failed)Schema.Parse(Encoding.UTF8.GetString(schemaText), name)).Errors[0]}");
            return;
        }

        RunPolicies(schema, ((PolicySetResult.Parsed)PolicySet.Parse(Encoding.UTF8.GetString(policyText), name)).Policies);
        RunEntities(schema, entityJson);
        RunRequests(schema);
    }

    private void RunPolicies(Schema schema, PolicySet policies)
    {
        var policyValidation = expected.GetProperty("policyValidation");
        foreach (var mode in Modes)
        {
            var report = schema.Validate(policies, mode);
            Compare($"policies, {mode}", Valid(policyValidation, mode), report.IsValid, report.Errors);
            if (mode == ValidationMode.Strict)
                Compare("shouldValidate", test.GetProperty("shouldValidate").GetBoolean(), report.IsValid, report.Errors);

            var perPolicy = policyValidation.GetProperty("perPolicy").EnumerateObject().ToList();
            foreach (var policy in perPolicy)
            {
                Policies++;
                var errors = report.Errors.Where(error => error.PolicyId == policy.Name).ToList();
                Compare($"{policy.Name}, {mode}", Valid(policy.Value, mode), errors.Count == 0, errors);
            }

            var failing = report.Errors.Select(error => error.PolicyId).Distinct().Count();
            WithErrors += failing;
            Compare($"policies with errors, {mode}", perPolicy.Count(policy => !Valid(policy.Value, mode)), failing, report.Errors);
        }
    }

    private void RunEntities(Schema schema, byte[] json)
    {
        var entities = ((EntitiesResult.Loaded)CedarJson.ParseEntities(json, name)).Entities;
        var byName = entities.All.ToDictionary(entity => $"{entity.Uid.Type}::{entity.Uid.Id}");
        foreach (var one in expected.GetProperty("entityValidation").GetProperty("perEntity").EnumerateObject())
        {
            Entities++;
            var isExpected = !one.Value.EnumerateObject().Any();
            var errors = byName.TryGetValue(one.Name, out var entity) ? schema.Check(entity, entities) : [new CedarError("no such entity")];
            Compare($"entity {one.Name}", isExpected, errors.Count == 0, errors);
        }

        var areExpected = expected.GetProperty("entityValidation").GetProperty("perEntity").EnumerateObject().All(one => !one.Value.EnumerateObject().Any());
        var read = CedarJson.ParseEntities(json, schema, name);
        Compare("entities read with the schema", areExpected, read is EntitiesResult.Loaded, (read as EntitiesResult.Failed)?.Errors ?? []);
        if (read is EntitiesResult.Loaded { Entities: var typed } && entities.All.Any(entity => !typed.TryGet(entity.Uid, out var same)
            || !same.Attributes.Equals(entity.Attributes) || !same.Tags.Equals(entity.Tags)
            || !typed.Ancestors(entity.Uid).ToHashSet().SetEquals(entities.Ancestors(entity.Uid))))
        {
            differences.Add($"{name}: entities differ when they are read with the schema");
        }
    }

    private void RunRequests(Schema schema)
    {
        var results = expected.GetProperty("requestValidation").EnumerateArray().ToDictionary(result => result.GetProperty("description").GetString()!);
        foreach (var asked in test.GetProperty("requests").EnumerateArray())
        {
            Requests++;
            var description = asked.GetProperty("description").GetString()!;
            var errors = schema.Check(AuthorizationCase.Request(asked));
            Compare($"{description}, strict", results[description].GetProperty("strict").GetBoolean(), errors.Count == 0, errors);
            Compare($"{description}, permissive", results[description].GetProperty("permissive").GetBoolean(), errors.Count == 0, errors);
            Compare($"{description}, validateRequest", asked.GetProperty("validateRequest").GetBoolean(), errors.Count == 0, errors);
        }
    }

    private static bool Valid(JsonElement element, ValidationMode mode) =>
        element.GetProperty(mode == ValidationMode.Strict ? "strict" : "permissive").GetBoolean();

    private void Compare<T, TError>(string what, T wanted, T got, IEnumerable<TError> errors)
        where T : IEquatable<T>
    {
        if (!wanted.Equals(got))
            differences.Add($"{name}, {what}: expected {wanted}; got {got}: {string.Join("; ", errors)}");
    }
}
