namespace Proofgate.Cli.Gateway.Wire;

/// <summary>Body of <c>POST /manage/keys/{kid}/bind</c>.</summary>
internal sealed record BindingRequest(string Proof);
