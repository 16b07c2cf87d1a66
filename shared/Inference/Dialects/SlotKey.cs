namespace Proofgate.Inference.Dialects;

/// <summary>
/// Which text of an answer: the choice, the field, for tool calls the call's index, and for a field that is not of the dialect its name.
/// </summary>
internal readonly record struct SlotKey(int Choice, SlotField Field, int Tool, string? Name = null);
