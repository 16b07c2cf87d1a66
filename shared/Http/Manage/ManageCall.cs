using Proofgate.Enforcement;

namespace Proofgate.Http.Manage;

/// <summary>An act of administration: decided by the policy for <c>manage</c>, recorded like any call.</summary>
public sealed record ManageCall : Call;
