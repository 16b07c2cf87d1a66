using Proofgate.Audit.Notes;

namespace Proofgate.Audit.Cosigning;

/// <summary>What became of one submission (C2SP tlog-witness).</summary>
internal abstract record WitnessReply
{
    private WitnessReply()
    {
    }

    /// <summary>200: signature lines, of which nothing is verified yet.</summary>
    internal sealed record Cosigned(IReadOnlyList<NoteSignature> Signatures) : WitnessReply;

    /// <summary>409: the size that the witness has cosigned.</summary>
    internal sealed record Holds(long Size) : WitnessReply;

    /// <summary>400, 403, 404 or 422: asking the same again changes nothing.</summary>
    internal sealed record Refused(int Status) : WitnessReply;

    /// <summary>It did not answer, or not as a witness.</summary>
    internal sealed record Silent(string Problem) : WitnessReply;
}
