namespace Proofgate.Cli.Gateway.Wire;

/// <summary>Body of <c>POST /manage/policy</c> and <c>/manage/policy/check</c>. Null members are not sent.</summary>
internal sealed record BundleRequest(byte[] Bundle, byte[]? Activation = null);
