using System.Security.Cryptography;
using System.Text;
using Proofgate.Cedar;
using Proofgate.Cedar.Residuals;

namespace Proofgate.Policy;

/// <summary>
/// The rows of a dataset that one caller may read: what <c>readRow</c> is reduced to when all is known but the row. There is one residual for who calls and
/// one for each who acts for the caller; a row must be allowed by all. Report-only policies are not asked about rows.
/// </summary>
public sealed class RowScope
{
    private RowScope(IReadOnlyList<Residual> residuals) => Residuals = residuals;

    /// <summary>All must allow a row. Empty: policy could not be reduced, and no row is allowed.</summary>
    public IReadOnlyList<Residual> Residuals { get; }

    /// <summary>Whether every row is allowed (true) or none (false); null if it depends on the row.</summary>
    public bool? Decided =>
        Residuals.Count == 0 || Residuals.Any(static r => r.Decided == false || r.DependsOnIdentity) ? false
        : Residuals.All(static r => r.Decided == true) ? true
        : null;

    /// <summary>Ids of the policies that speak of the rows.</summary>
    public IReadOnlyList<string> Policies => [.. Residuals.SelectMany(static r => r.Policies).Select(static p => p.Policy.Id).Distinct(StringComparer.Ordinal)];

    /// <summary>Decides about a row by its attributes; one whose evaluation fails is not allowed where a forbid failed, and not permitted where a permit did.</summary>
    public bool Allows(RecordValue attributes) => Decided ?? Residuals.All(r => r.Evaluate(attributes));

    /// <summary>Canonical: the same rows are meant where the text is the same.</summary>
    public override string ToString() => Residuals.Count == 0 ? "false" : string.Join("\n&\n", Residuals);

    /// <summary>SHA-256 of the text, lower-case hex: what a ledger may say openly, for the text can hold what the caller declared.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToString())));

    internal static RowScope Of(
        PolicyBundle bundle, IReadOnlyList<(EntityUid Principal, Entities Entities)> principals, EntityUid dataset, RecordValue context)
    {
        var residuals = new List<Residual>(principals.Count);
        foreach (var (principal, entities) in principals)
        {
            var request = new PartialRequest(
                principal, Vocabulary.ReadRow, new UnknownEntity(Vocabulary.RowType(dataset.Id)) { Parents = [dataset] }, context);
            if (bundle.Policies.Residual(request, entities) is not ResidualResult.Reduced reduced)
            {
                return new RowScope([]);
            }

            residuals.Add(reduced.Residual);
        }

        return new RowScope(residuals);
    }
}
