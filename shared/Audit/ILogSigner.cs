using Proofgate.Audit.Notes;

namespace Proofgate.Audit;

/// <summary>The key that signs checkpoints. It may be in a vault that lets nobody read it: what is asked of it is a signature and no more.</summary>
public interface ILogSigner
{
    NoteKeyType Type { get; }

    /// <summary>As <see cref="VerifierKey.PublicKey"/> has it. Before <see cref="OpenAsync"/> it may not be known.</summary>
    ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Learns the public key, where it has to be asked for. Once it is known this does nothing.</summary>
    /// <exception cref="EvidenceUnavailableException">Whoever keeps the key does not answer, or does not let us see it.</exception>
    ValueTask OpenAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Signs a note's text.</summary>
    /// <exception cref="EvidenceUnavailableException">Whoever keeps the key does not answer, or does not let us sign.</exception>
    ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken);
}
