namespace Proofgate.Cedar;

/// <summary>The bounds on input. Each is far above what people write and low enough that no input exhausts a stack, memory or time.</summary>
public static class CedarLimits
{
    /// <summary>Characters in one policy text.</summary>
    public const int PolicyTextLength = 4 * 1024 * 1024;

    /// <summary>Policies and templates in one set.</summary>
    public const int Policies = 50_000;

    /// <summary>Brackets, records, sets, calls and <c>if</c> inside one another.</summary>
    public const int Nesting = 200;

    /// <summary>Height of an expression tree, which long chains of <c>+</c> or <c>.</c> raise without any nesting.</summary>
    public const int ExpressionHeight = 500;

    /// <summary>Errors reported for one text; the parser stops after them.</summary>
    public const int Errors = 20;

    /// <summary>Objects and arrays inside one another in JSON. Twice what a request body may have, so that a context made from one, which
    /// gains levels by being wrapped, can be read back after it was recorded.</summary>
    public const int JsonDepth = 128;

    /// <summary>Objects and arrays inside one another in policy JSON, where a chain of <c>&amp;&amp;</c> adds two levels a link although it adds no height.
    /// Reading descends into <see cref="ExpressionHeight"/> levels of operators only, however many these are.</summary>
    public const int PolicyJsonDepth = 20_000;

    /// <summary>The depths of all tokens of policy JSON together: the platform's parser takes time in proportion to it.</summary>
    public const long PolicyJsonWork = 1_000_000_000;

    /// <summary>Bytes in one entities, request or policy document.</summary>
    public const int JsonLength = 64 * 1024 * 1024;

    /// <summary>Entities in one layer.</summary>
    public const int Entities = 200_000;

    /// <summary>Ancestors of all entities of a layer together: bounds the transitive closure, which is quadratic for a long chain.</summary>
    public const int Ancestors = 4_000_000;

    /// <summary>Characters in the text of a residual, which goes into audit records.</summary>
    public const int ResidualTextLength = 64 * 1024;

    /// <summary>Parts of the condition of a residual: what is left is not taken apart further, so that no policy makes it grow without bound.</summary>
    public const int ResidualParts = 10_000;

    /// <summary>Characters or bytes in one schema.</summary>
    public const int SchemaLength = 4 * 1024 * 1024;

    /// <summary>Entity types, common types and actions in one schema.</summary>
    public const int Declarations = 50_000;

    /// <summary>Sets and records inside one another in a type, common types written out.</summary>
    public const int TypeDepth = 200;

    /// <summary>Steps to compute the hierarchy of entity types of one schema, which is quadratic for a dense one.</summary>
    public const int HierarchySteps = 4_000_000;

    /// <summary>Combinations of action, principal type and resource type in one schema. Each policy is checked in each of them.</summary>
    public const int RequestEnvironments = 250_000;

    /// <summary>Expressions typed in one validation, each environment counted on its own. Beyond it validation stops with an error.</summary>
    public const int ValidationSteps = 20_000_000;

    /// <summary>Errors reported for one policy by the validator.</summary>
    public const int ErrorsPerPolicy = 100;
}
