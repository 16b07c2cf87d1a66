namespace Proofgate.Audit.Checkpoints;

/// <summary>A witness's answer to add-checkpoint (C2SP tlog-witness).</summary>
/// <param name="Status">200, 400, 403, 404, 409 or 422.</param>
/// <param name="Body">Cosignature lines, or for 409 the size that it holds.</param>
public sealed record WitnessAnswer(int Status, string Body)
{
    public string ContentType => Status == 409 ? "text/x.tlog.size" : "text/plain; charset=utf-8";
}
