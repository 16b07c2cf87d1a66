using System.Diagnostics.CodeAnalysis;
using Proofgate.Http.Startup;
using Proofgate.Policy;

namespace Proofgate.Http.Tests.Startup;

/// <summary>What anybody may know of the active bundle.</summary>
public sealed class PolicyReadinessTests
{
    [Theory]
    [InlineData(null, 0, false, "no bundle is active yet, see the log")]
    [InlineData("d1", 0, true, "d1")]
    [InlineData("d1", 2, true, "d1; a newer bundle has 2 problems and is not taken, see the log")]
    [Trait("Rule", "H7")]
    public void Bundle_IsReady_WhenOneIsActive_AndFaultsOfANewerAreOnlyCounted(string? digest, int problems, bool ready, string? detail)
    {
        var check = new PolicyReadiness(new Source(new BundleState(digest, [.. Enumerable.Repeat("/srv/secret.cedar: line 3", problems)])));
        Assert.Equal(new Readiness(ready, detail), check.Check());
    }

    private sealed class Source(BundleState state) : IBundleSource
    {
        public BundleState State => state;

        public bool TryGet([NotNullWhen(true)] out PolicyBundle? bundle)
        {
            bundle = null;
            return false;
        }
    }
}
