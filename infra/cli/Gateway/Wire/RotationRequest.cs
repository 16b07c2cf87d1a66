namespace Proofgate.Cli.Gateway.Wire;

/// <summary>Body of <c>POST /manage/keys/{kid}/rotate</c>.</summary>
internal sealed record RotationRequest(double? OverlapHours);
