using Proofgate.Policy;
using Proofgate.Protection;

namespace Proofgate.Enforcement;

/// <summary>
/// Finds in texts what no rule can: names, places. It is an upstream like any other: it is asked with an admitted call alone, whose decision (<c>disclose</c>) is
/// acknowledged before any text goes to it.
/// </summary>
public interface IRecogniser
{
    /// <summary>How a bundle wants texts looked at; null if it names no recogniser.</summary>
    RecogniserPlan? PlanOf(PolicyBundle bundle);

    /// <summary>What stands in the texts. Of kinds that may not go to the recogniser it gets asterisks.</summary>
    /// <exception cref="RecogniserUnavailableException">It did not answer, or not in time, or not what its protocol allows.</exception>
    ValueTask<IReadOnlyList<(Kind Kind, string Value)>> FindAsync(AdmittedCall<RecognitionCall> call, IReadOnlyList<string> texts, CancellationToken cancellationToken);
}
