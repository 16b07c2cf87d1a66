using Proofgate.Enforcement;

namespace Proofgate.Inference;

/// <summary>Sends a call to a provider. It accepts nothing but an admitted call: a skipped control does not compile.</summary>
public interface IUpstream
{
    /// <summary>Sends the call and completes when the provider's answer begins.</summary>
    /// <exception cref="UpstreamException">No answer began.</exception>
    Task<UpstreamAnswer> SendAsync(AdmittedCall<InferenceCall> call, CancellationToken cancellationToken);
}
