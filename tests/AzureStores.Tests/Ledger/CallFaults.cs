using Azure.Core;
using Azure.Core.Pipeline;

namespace Proofgate.AzureStores.Tests.Ledger;

/// <summary>
/// Fails one call of the table's client, before it is sent or after it was done, and counts them all. Outside the SDK's retries it is what the
/// ledger's writer sees of a broken connection; inside them it is what the SDK tries again.
/// </summary>
internal sealed class CallFaults : HttpPipelinePolicy
{
    private int _calls;

    /// <summary>The call to fail, counted from 0; -1 for none.</summary>
    internal int Call { get; init; } = -1;

    /// <summary>Whether the call is done first.</summary>
    internal bool After { get; init; }

    internal bool Hit { get; private set; }

    internal int Calls => _calls;

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var call = Interlocked.Increment(ref _calls) - 1;
        if (call != Call)
        {
            await ProcessNextAsync(message, pipeline);
            return;
        }

        Hit = true;
        if (After)
            await ProcessNextAsync(message, pipeline);
        throw new HttpRequestException(After ? "the test dropped the answer" : "the test dropped the request");
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException("The ledger calls nothing synchronously.");
}
