using Proofgate.Audit;
using Proofgate.Enforcement;
using Proofgate.Policy;

namespace Proofgate.Tests.Support;

/// <summary>A source that has a row of every dataset that is asked for, of one label.</summary>
internal sealed class NamedRows(long label) : IGroundingSource
{
    public ValueTask<GroundingResult> FetchAsync(Call call, Inquiry inquiry, CancellationToken cancellationToken) => ValueTask.FromResult<GroundingResult>(
        new GroundingResult.Fetched(new Grounding
        {
            Passages = [.. call.Grounding.Select(static g => new GroundingPassage { Dataset = g.Dataset, Text = "a row", Decision = new AuditId(Guid.CreateVersion7()) })],
            Label = label,
        }));
}
