namespace Proofgate.Inference.Dialects;

/// <summary>
/// Which text of an answer: the choice, the field, for tool calls the call's index, and for a field that is not of the dialect its name.
/// </summary>
internal readonly record struct SlotKey(int Choice, SlotField Field, int Tool, string? Name = null)
{
    /// <summary>Whether the text is JSON itself: what a tool is given.</summary>
    internal bool IsJson => Field is SlotField.ToolArguments or SlotField.FunctionArguments || Name is "partial_json" or "arguments";
}
