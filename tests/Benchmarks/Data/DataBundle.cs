namespace Proofgate.Benchmarks.Data;

/// <summary>A bundle with one dataset: a filter of policy that is pushed, a column that is masked, one that is inspected.</summary>
internal static class DataBundle
{
    private const string Policies =
        """
        @id("query") permit (principal, action == Proofgate::Action::"query", resource) when { principal.tenant == resource.tenant };
        @id("columns") permit (principal, action == Proofgate::Action::"readColumn", resource) when { resource.label < 3 };
        @id("rows") permit (principal, action == Proofgate::Action::"readRow", resource is Proofgate::Row_rows) when { resource has region && ["eu", "us", "ap"].contains(resource.region) };
        @id("administration") permit (principal in Proofgate::Role::"administrator", action == Proofgate::Action::"manage", resource) when { principal.tenant == resource.tenant };
        """;

    internal static void Write(string folder, int rows)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "data.cedar"), Policies);
        File.WriteAllText(
            Path.Combine(folder, "bundle.json"),
            $$"""
            { "name": "benchmark", "datasets": { "rows": {
              "label": "public", "connector": "sqlite", "connection": "main", "table": "rows", "tenantColumn": "tenant", "key": ["id"], "attributes": ["region"],
              "limits": { "maxRows": {{rows}}, "timeoutSeconds": 200 },
              "columns": {
                "id": { "type": "integer", "label": "public", "required": true }, "tenant": { "type": "string", "label": "public", "required": true },
                "region": { "type": "string", "label": "public" }, "name": { "type": "string", "label": "internal" }, "age": { "type": "integer", "label": "internal" },
                "email": { "type": "string", "label": "internal", "kind": "EMAIL_ADDRESS" }, "notes": { "type": "text", "label": "internal" } } } } }
            """);
    }
}
