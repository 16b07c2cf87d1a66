using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Publishing;

/// <summary>Where a lane's source stands: the number and the hash that its next event continues.</summary>
internal readonly record struct SourceCounter(SourceId Source, string Name, long Number, MerkleHash? Last)
{
    internal static SourceCounter New()
    {
        var source = SourceId.New();
        return new SourceCounter(source, source.ToString(), 0, null);
    }

    internal bool IsOpen => Number > 0;

    internal SourceCounter Next(MerkleHash hash) => this with { Number = Number + 1, Last = hash };
}
