using Proofgate.Audit.Notes;

namespace Proofgate.Audit;

/// <summary>The key that signs checkpoints. It may be in a vault that lets nobody read it: what is asked of it is a signature and no more.</summary>
public interface ILogSigner
{
    NoteKeyType Type { get; }

    /// <summary>As <see cref="VerifierKey.PublicKey"/> has it.</summary>
    ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Signs a note's text.</summary>
    ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken);
}
