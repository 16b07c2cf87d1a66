using Proofgate.Policy;

namespace Proofgate.Enforcement.Provenance;

/// <summary>What is known of a call before its content is looked at: the label that it begins with, and where that comes from.</summary>
internal sealed class Origin
{
    internal Origin(Call call, Session? session)
    {
        (Call, Session) = (call, session);
        var scale = call.Bundle.Labels;
        Label = call.Lineage.Select(c => scale.RankOrHighest(c.Label)).Append(session?.RankIn(scale) ?? 0).Append(call.DeclaredLabel).Max();
    }

    internal Call Call { get; }

    internal Session? Session { get; }

    /// <summary>Audit ids of the earlier answers whose tokens came with the call.</summary>
    internal IReadOnlyList<string> Earlier => [.. Call.Lineage.Select(static c => c.Id.ToString()).Distinct(StringComparer.Ordinal)];

    private long Label { get; }

    internal CallFacts Facts() => new()
    {
        Label = Label,
        Opaque = Call.Opaque,
        Stream = Call.Stream,
        DeclaredPurpose = Call.DeclaredPurpose,
        Arguments = Call.PolicyArguments,
        Lineage = Call.Lineage.Count == 0 ? null : Told(),
        Session = Session is not null,
    };

    /// <summary>Only what tokens tell: what the call itself fetches has decisions of its own.</summary>
    private LineageFacts Told()
    {
        var told = DatasetUnion.Of([], Call.Lineage);
        return new LineageFacts(told.Names, told.IsComplete);
    }
}
