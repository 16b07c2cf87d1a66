using Proofgate.Cedar;
using Proofgate.Policy;
using Proofgate.Protection;

namespace Proofgate.Enforcement;

/// <summary>What a caller may see of what a call is about, as policy said it.</summary>
/// <param name="Redaction">Which kinds, and how.</param>
/// <param name="Columns">Which of the columns that were asked for.</param>
/// <param name="Rows">Which rows; null where none are read.</param>
public sealed record Sight(RedactionPlan Redaction, IReadOnlySet<EntityUid> Columns, RowScope? Rows);
