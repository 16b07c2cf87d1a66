namespace Proofgate.Inference.Dialects.OpenAi;

/// <summary>What must be known of a choice before its text is read: JSON members come in any order.</summary>
internal sealed class ChoiceShape(bool stopsChosen)
{
    internal int Index { get; set; }

    /// <summary>One of the dialect's finish reasons, <c>other</c> for an unknown one, null while the choice goes on.</summary>
    internal string? Finish { get; set; }

    /// <summary>The <c>index</c> of each tool call in the order in which they stand.</summary>
    internal List<int> Tools { get; } = [];

    /// <summary>What each of them calls; null where this piece does not say.</summary>
    internal List<string?> Names { get; } = [];

    /// <summary>What a choice of the older form calls.</summary>
    internal string? Function { get; set; }

    internal TextEnd? End => Finish switch
    {
        null => null,
        "stop" when stopsChosen => TextEnd.CutShort,
        "stop" or "tool_calls" or "function_call" => TextEnd.Finished,
        _ => TextEnd.CutShort,
    };

    internal void Reset(int index)
    {
        Index = index;
        Finish = null;
        Tools.Clear();
        Names.Clear();
        Function = null;
    }
}
