using System.Text.Json;

namespace Proofgate.Enforcement.Tools;

/// <summary>What a tool or a resource answered, before anybody has looked at it. Only text: what cannot be inspected is not released.</summary>
public sealed record ToolAnswer
{
    public required IReadOnlyList<string> Texts { get; init; }

    /// <summary>The same as an object, where the tool gives one; else undefined.</summary>
    public JsonElement Structured { get; init; }

    /// <summary>Whether the tool says that it failed: for the model to read, and perhaps to try otherwise.</summary>
    public bool IsError { get; init; }

    /// <summary>Rank of the label that this answer carries at least; it can only raise the call's.</summary>
    public long Label { get; init; }

    /// <summary>Names of the datasets whose rows are in it.</summary>
    public IReadOnlyList<string> Datasets { get; init; } = [];

    /// <exception cref="ToolSourceException">It is longer: part of an answer would be another answer.</exception>
    public void RequireLengthWithin(int characters)
    {
        var length = Texts.Sum(static t => (long)t.Length) + (Structured.ValueKind == JsonValueKind.Object ? Structured.GetRawText().Length : 0);
        if (length > characters)
        {
            throw new ToolSourceException($"The answer is longer than {characters} characters. Ask for less.", timedOut: false);
        }
    }
}
