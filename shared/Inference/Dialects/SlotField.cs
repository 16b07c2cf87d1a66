namespace Proofgate.Inference.Dialects;

/// <summary>The fields of a chat completion in which text arrives piece by piece.</summary>
internal enum SlotField
{
    Content,
    Refusal,
    Reasoning,
    ReasoningContent,
    ToolArguments,

    /// <summary>The free text that a custom tool is given.</summary>
    ToolInput,
    FunctionArguments,

    /// <summary>A text that a provider added to the dialect.</summary>
    Other,
}
