namespace Proofgate.Audit.Notes;

/// <summary>Signs notes with any signer.</summary>
public static class LogSignerExtensions
{
    public static VerifierKey KeyFor(this ILogSigner signer, string name) => VerifierKey.Create(name, signer.Type, signer.PublicKey.Span);

    /// <summary>The text with the signer's signature under <paramref name="name"/>.</summary>
    public static async Task<SignedNote> SignNoteAsync(this ILogSigner signer, string name, ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        var key = signer.KeyFor(name);
        var signature = await signer.SignAsync(text, cancellationToken).ConfigureAwait(false);
        // A vault whose key was exchanged, or a broken card, must not put its word where nobody can check it.
        return key.Verify(text.Span, signature)
            ? new SignedNote(text, [new NoteSignature(name, key.Id, signature)])
            : throw new InvalidOperationException($"The signer's signature does not verify under its own key {key}.");
    }
}
