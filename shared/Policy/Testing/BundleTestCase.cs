using Proofgate.Cedar;
using Proofgate.Cedar.Explaining;

namespace Proofgate.Policy.Testing;

/// <summary>One combination of a test file, what was expected of it and what it was.</summary>
public sealed class BundleTestCase
{
    private readonly TestQuestion _question;

    internal BundleTestCase(TestQuestion question) => _question = question;

    /// <summary>The name of the case that names the combination; null for one that none names, which must be denied.</summary>
    public required string? Name { get; init; }

    /// <summary>Path of the file in the bundle.</summary>
    public required string File { get; init; }

    public required string Principal { get; init; }

    public required string Action { get; init; }

    public required string Resource { get; init; }

    public required string Context { get; init; }

    public required bool ExpectedAllowed { get; init; }

    /// <summary>Null: nothing was said about the reasons.</summary>
    public required IReadOnlyList<string>? ExpectedPolicies { get; init; }

    public required Decision Decision { get; init; }

    /// <summary>What is different from what was expected; null where it passed.</summary>
    public required string? Failure { get; init; }

    public bool Passed => Failure is null;

    /// <summary><c>principal, action, resource, context</c>, as the file names them.</summary>
    public string Combination => $"{Principal}, {Action}, {Resource}, {Context}";

    /// <summary>For who calls and for each who acts for the caller: why each policy applied or did not. Limits of a key come before policies and are not in it.</summary>
    public IReadOnlyList<(EntityUid Principal, Explanation Explanation)> Explain(PolicyBundle bundle) =>
        [.. _question.Requests(bundle).Select(r => (r.Request.Principal, bundle.Policies.Explain(r.Request, r.Entities)))];
}
