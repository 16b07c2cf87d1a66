namespace Proofgate.Cedar.Explaining;

/// <summary>A part of a policy's conditions and how often it was what.</summary>
public sealed class CoveragePoint
{
    internal CoveragePoint(CoverageKind kind, SourcePosition position, string text) => (Kind, Position, Text) = (kind, position, text);

    public CoverageKind Kind { get; }

    public SourcePosition Position { get; }

    /// <summary>In Cedar syntax, on one line, perhaps shortened.</summary>
    public string Text { get; }

    public int True { get; private set; }

    public int False { get; private set; }

    /// <summary>Evaluations that gave an error.</summary>
    public int Failed { get; private set; }

    /// <summary>Evaluations, whatever came of them.</summary>
    public int Reached { get; private set; }

    /// <summary>It was both true and false, or for a branch: reached.</summary>
    public bool IsCovered => Kind == CoverageKind.Branch ? Reached > 0 : True > 0 && False > 0;

    internal void Count(Step step)
    {
        Reached++;
        True += step.Test == true ? 1 : 0;
        False += step.Test == false ? 1 : 0;
        Failed += step.Value is null || (Kind != CoverageKind.Branch && step.Test is null) ? 1 : 0;
    }
}
