namespace Proofgate.Identity.Tokens;

/// <summary>What came of looking for an issuer's key.</summary>
internal abstract record KeyAnswer
{
    private KeyAnswer()
    {
    }

    internal static KeyAnswer Unknown { get; } = new NoSuchKey();

    internal static KeyAnswer OutOfReach { get; } = new Unreachable();

    /// <param name="Set">All of the issuer's keys.</param>
    /// <param name="Keys">Those that may have signed.</param>
    internal sealed record Found(KeySet Set, IReadOnlyList<SigningKey> Keys) : KeyAnswer;

    internal sealed record NoSuchKey : KeyAnswer;

    /// <summary>The issuer cannot be asked, and what is known is too old, or too little to say no.</summary>
    internal sealed record Unreachable : KeyAnswer;
}
