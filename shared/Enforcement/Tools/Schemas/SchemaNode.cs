using System.Text.Json;

namespace Proofgate.Enforcement.Tools.Schemas;

/// <summary>One schema, compiled: its keywords in turn.</summary>
internal sealed class SchemaNode
{
    /// <summary>Checks a value at a path.</summary>
    /// <returns>What is wrong; null: nothing.</returns>
    internal delegate string? Keyword(JsonElement value, string path, SchemaSteps steps);

    private readonly List<Keyword> _keywords = [];

    internal void Add(Keyword keyword) => _keywords.Add(keyword);

    internal string? Check(JsonElement value, string path, SchemaSteps steps)
    {
        if (!steps.Enter())
        {
            return "too many steps";
        }

        string? fault = null;
        for (var i = 0; i < _keywords.Count && fault is null; i++)
        {
            fault = _keywords[i](value, path, steps);
        }

        steps.Leave();
        return fault;
    }

    internal bool Fits(JsonElement value, string path, SchemaSteps steps) => Check(value, path, steps) is null;
}
