namespace Proofgate.Inference.Dialects;

/// <summary>
/// Which text of an answer: the choice, the field, for tool calls the call's index, and for a field that is not of the dialect its name.
/// </summary>
internal readonly record struct SlotKey(int Choice, SlotField Field, int Tool, string? Name = null)
{
    /// <summary>Whether the text is JSON itself: what a tool is given.</summary>
    internal bool IsJson => Field is SlotField.ToolArguments or SlotField.FunctionArguments || Name is "partial_json" or "arguments";

    /// <summary>Whether the text is for a person. Where its format was asked for, it can be JSON too: its beginning tells.</summary>
    internal bool IsSaid => Field is SlotField.Content or SlotField.Refusal or SlotField.Reasoning or SlotField.ReasoningContent
        || (Field == SlotField.Other && Name is "text" or "refusal" or "thinking" or "summary");

    /// <summary>Whether the text is what a tool is given.</summary>
    internal bool IsArguments => IsJson || Field == SlotField.ToolInput || (Field == SlotField.Other && Name == "input");
}
