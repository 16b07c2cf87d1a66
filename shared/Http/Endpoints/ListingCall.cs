using Proofgate.Enforcement;

namespace Proofgate.Http.Endpoints;

/// <summary>A call that names what the caller may use, and nothing else.</summary>
public sealed record ListingCall : Call;
