using Proofgate.Audit;
using Proofgate.Enforcement;
using Proofgate.Policy;

namespace Proofgate.Http.Tests.Support;

/// <summary>A source that gives what it is told.</summary>
internal sealed class ListedRows : IGroundingSource
{
    internal static AuditId Decision { get; } = new(Guid.CreateVersion7());

    internal GroundingResult Result { get; set; } = null!;

    internal IReadOnlyList<GroundingRequest> Asked { get; private set; } = [];

    public ValueTask<GroundingResult> FetchAsync(Call call, Inquiry inquiry, CancellationToken cancellationToken)
    {
        Assert.Same(call.Bundle, inquiry.Bundle);
        Asked = call.Grounding;
        return ValueTask.FromResult(Result);
    }

    internal void Gives(string text, long label, params string[] withheld) => Result = new GroundingResult.Fetched(new Grounding
    {
        Passages = [new GroundingPassage { Dataset = "customers", Text = text, Decision = Decision, Residual = "resource.region == \"eu\"" }],
        Label = label,
        Withheld = withheld,
    });
}
