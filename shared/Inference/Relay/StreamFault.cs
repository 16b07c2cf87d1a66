namespace Proofgate.Inference.Relay;

/// <summary>Why a stream ends early, as the client is told in-band.</summary>
public sealed record StreamFault(string Code, string Message);
