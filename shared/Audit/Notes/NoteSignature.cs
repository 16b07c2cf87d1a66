namespace Proofgate.Audit.Notes;

/// <summary>One signature line of a note. Whose it is says only a key that verifies it.</summary>
/// <param name="Name">Name of the key.</param>
/// <param name="KeyId">Id of the key.</param>
/// <param name="Value">The signature itself.</param>
public sealed record NoteSignature(string Name, uint KeyId, ReadOnlyMemory<byte> Value)
{
    internal bool IsBy(VerifierKey key) => Name == key.Name && KeyId == key.Id;
}
