namespace Proofgate.Inference.Dialects;

/// <summary>The names of the tools of the caller that an answer calls, by the texts of their arguments.</summary>
internal sealed class ToolNames
{
    /// <summary>Stands for the one call that a choice of the older form has.</summary>
    internal const int Function = -1;

    private readonly Dictionary<(int Choice, int Tool), string?> _names = [];

    /// <summary>A call that is named twice, and not the same, is of no known tool.</summary>
    internal void Note(int choice, int tool, string? name)
    {
        if (name is { Length: > 0 } && !_names.TryAdd((choice, tool), name) && _names[(choice, tool)] != name)
        {
            _names[(choice, tool)] = null;
        }
    }

    internal string? Of(in SlotKey key) => _names.GetValueOrDefault((key.Choice, key.Field == SlotField.FunctionArguments ? Function : key.Tool));
}
