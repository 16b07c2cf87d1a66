namespace Proofgate.Conventions;

/// <summary>One place that breaks a rule.</summary>
public sealed record Offence(string Path, int Line, string What)
{
    public override string ToString() => $"{Path}:{Line}: {What}";
}
