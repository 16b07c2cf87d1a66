namespace Proofgate.Policy.Signing;

/// <summary>One signature of an envelope and the name of its key.</summary>
internal sealed record EnvelopeSignature(string Keyid, byte[] Sig);
