namespace Proofgate.Audit.Sealing;

/// <summary>What opening a sealed part gave.</summary>
public abstract record PersonalPartResult
{
    private PersonalPartResult()
    {
    }

    public sealed record Opened(ReadOnlyMemory<byte> Json) : PersonalPartResult;

    /// <summary>The data key is gone: the person was erased.</summary>
    public sealed record Erased : PersonalPartResult;

    /// <summary>The key is there and does not open it.</summary>
    public sealed record Damaged : PersonalPartResult;
}
