namespace Proofgate.Cedar.Explaining;

/// <summary>Something that no evaluation reached.</summary>
/// <param name="Position">In the policy's file.</param>
/// <param name="Message">What is missing, one sentence without a full stop.</param>
public sealed record CoverageGap(Policy Policy, SourcePosition Position, string Message)
{
    public override string ToString() => $"{(Policy.FileName is null ? "" : $"{Policy.FileName}:")}{Position}: {Policy.Id}: {Message}";
}
