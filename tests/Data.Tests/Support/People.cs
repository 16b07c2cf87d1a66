namespace Proofgate.Data.Tests.Support;

/// <summary>A dataset with a column of every type and label, in whatever source.</summary>
internal static class People
{
    internal const string Permits =
        """
        @id("query") permit (principal, action == Proofgate::Action::"query", resource) when { principal.tenant == resource.tenant };
        @id("columns") permit (principal, action == Proofgate::Action::"readColumn", resource) when { resource.label <= 2 };
        """;

    internal const string AllRows = "\n@id(\"rows\") permit (principal, action == Proofgate::Action::\"readRow\", resource is Proofgate::Row_people);";

    internal const string Columns =
        """
        "id": { "type": "integer", "label": "public", "required": true },
        "tenant": { "type": "string", "label": "public", "required": true },
        "name": { "type": "string", "label": "internal" },
        "region": { "type": "string", "label": "internal" },
        "age": { "type": "integer", "label": "internal" },
        "score": { "type": "number", "label": "internal" },
        "active": { "type": "boolean", "label": "internal" },
        "seen": { "type": "datetime", "label": "internal" },
        "email": { "type": "string", "label": "confidential", "kind": "EMAIL_ADDRESS" },
        "card": { "type": "string", "label": "confidential", "kind": "PAYMENT_CARD" },
        "notes": { "type": "text", "label": "internal" },
        "salary": { "type": "integer", "label": "restricted" }
        """;

    internal static string Manifest(string connector, string limits = "{}", string more = "") =>
        $$"""
        { "name": "t", "datasets": { "people": {
          "label": "internal", "connector": "{{connector}}", "connection": "main", "table": "people", "tenantColumn": "tenant", "key": ["id"],
          "attributes": ["name", "region", "age", "active", "seen", "salary"], "limits": {{limits}}, "columns": { {{Columns}} } }{{more}} } }
        """;
}
