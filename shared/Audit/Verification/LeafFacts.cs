using System.Text.Unicode;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Verification;

/// <summary>What is kept of a leaf until its commit row has been checked.</summary>
internal sealed record LeafFacts
{
    internal required long Index { get; init; }

    internal required long Sequence { get; init; }

    internal required MerkleHash Hash { get; init; }

    internal required long Bytes { get; init; }

    /// <summary>Set if the bytes are spelled as a writer's leaf.</summary>
    internal required WriterLeaf? Written { get; init; }

    /// <summary>Set if the bytes are an event.</summary>
    internal EventEnvelope? Envelope { get; init; }

    /// <summary>Whether it is a decision that allows.</summary>
    internal bool Allows { get; init; }

    /// <summary>Whether it is a source's closing event.</summary>
    internal bool Closes { get; init; }

    /// <summary>Why the fields of its kind cannot be read; null where they can.</summary>
    internal string? Problem { get; init; }

    internal static LeafFacts Of(in EventRow row)
    {
        var hash = MerkleHash.OfLeaf(row.Body);
        string? problem = null;
        ReadEvent? read = null;
        // What the strict reader takes is one JSON object; only where it refuses does that have to be found out apart.
        if (EventEnvelope.TryReadHead(row.Body, out var envelope)
            && ((Utf8.IsValid(row.Body) && (read = EventReader.Read(envelope, row.Body, out problem)) is not null) || EventEnvelope.IsOneObject(row.Body)))
        {
            return new LeafFacts
            {
                Index = row.Index,
                Sequence = row.Sequence,
                Hash = hash,
                Bytes = row.Body.Length,
                Written = null,
                Envelope = envelope,
                Allows = read?.Event is DecisionEvent { Decision.Allowed: true },
                Closes = read?.Event is SourceEvent { Act: "close" },
                Problem = problem,
            };
        }

        return new LeafFacts
        {
            Index = row.Index,
            Sequence = row.Sequence,
            Hash = hash,
            Bytes = row.Body.Length,
            Written = WriterLeaf.TryRead(row.Body, out var written) ? written : null,
        };
    }
}
