using Proofgate.Client;

namespace Proofgate.Cli.Gateway;

/// <summary>An address and what to present there.</summary>
/// <param name="Target">The gateway.</param>
/// <param name="Credential">A key or token; null where none is asked for.</param>
/// <param name="KeyPair">Set where the credential is bound to it: each request then carries a proof.</param>
internal sealed record Connection(GatewayTarget Target, Credential? Credential, DpopKeyPair? KeyPair = null);
