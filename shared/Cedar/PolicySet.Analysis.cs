using Proofgate.Cedar.Explaining;
using Proofgate.Cedar.Residuals;

namespace Proofgate.Cedar;

public sealed partial class PolicySet
{
    /// <summary>Answers for many resources at once, as far as that goes without their attributes.</summary>
    /// <exception cref="ArgumentException">An attribute of the context is both known and unknown.</exception>
    public ResidualResult Residual(PartialRequest request, Entities entities) => Residuals.Residual.Of(this, request, entities);

    /// <summary>Answers as <see cref="Evaluate(Request, Entities)"/> does, and says of each policy why it applied or did not. For people, not for the path of a call.</summary>
    public Explanation Explain(Request request, Entities entities) => Explanation.Of(this, request, entities);
}
