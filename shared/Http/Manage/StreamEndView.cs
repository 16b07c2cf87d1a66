namespace Proofgate.Http.Manage;

/// <summary>Data of the event <c>end</c>: <c>revoked</c>, <c>shutdown</c> or <c>elapsed</c>.</summary>
public sealed record StreamEndView(string Reason);
