namespace Proofgate.Audit;

/// <summary>
/// A subject's data key as stored. <paramref name="Lookup"/> is a keyed hash of tenant and subject (base64url),
/// <paramref name="Generation"/> a random name that changes when an erased subject returns,
/// <paramref name="WrappedKey"/> the data key under the deployment's master key.
/// </summary>
public sealed record SubjectKeyRecord(string Lookup, string Generation, ReadOnlyMemory<byte> WrappedKey);
