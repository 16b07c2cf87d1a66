using System.Text.Json;
using Proofgate.Enforcement.Tools.Schemas;

namespace Proofgate.Data.Tools;

/// <summary>The form of a query as a tool's arguments. It names no column: which there are is each caller's own answer.</summary>
internal static class QuerySchema
{
    private const string Json = """
        {
          "type": "object",
          "properties": {
            "select": { "type": "array", "items": { "type": "string" }, "minItems": 1, "description": "Columns to show. Either this or aggregates." },
            "where": {
              "type": "object",
              "description": "A condition: {\"op\":\"eq\",\"column\":\"region\",\"value\":\"eu\"}; op is eq, ne, lt, le, gt, ge, likePrefix, or in (with values), isNull (with column only), and, or (with of: a list of conditions), not (with of: one)."
            },
            "orderBy": {
              "type": "array", "minItems": 1,
              "items": { "type": "object", "properties": { "column": { "type": "string" }, "descending": { "type": "boolean" } }, "required": ["column"], "additionalProperties": false }
            },
            "groupBy": { "type": "array", "items": { "type": "string" }, "minItems": 1, "description": "Columns to group aggregates by." },
            "aggregates": {
              "type": "array", "minItems": 1,
              "items": {
                "type": "object",
                "properties": { "function": { "enum": ["count", "sum", "min", "max", "avg"] }, "column": { "type": "string" }, "as": { "type": "string" } },
                "required": ["function"], "additionalProperties": false
              }
            },
            "limit": { "type": "integer", "minimum": 1 },
            "cursor": { "type": "string", "description": "What the page before gave as next, with the same query." }
          },
          "additionalProperties": false
        }
        """;

    internal static ArgumentSchema Arguments { get; } =
        ArgumentSchema.TryCompile(JsonDocument.Parse(Json).RootElement, out var schema, out var problem) ? schema : throw new InvalidOperationException(problem);
}
