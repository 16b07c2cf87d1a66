using Microsoft.Extensions.Options;
using Proofgate.Identity;

namespace Proofgate.Http;

/// <summary>The address limit of what anybody may read. Its tokens are its own: who reads proofs must not lock a neighbour's callers out.</summary>
public sealed class PublishedReads(IOptions<PublishedOptions> options, TimeProvider time)
{
    internal AddressLimiter Limiter { get; } = AddressLimiter.Of(options.Value.ReadsPerMinute, options.Value.TrackedNetworks, time);
}
