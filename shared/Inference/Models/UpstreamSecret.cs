namespace Proofgate.Inference.Models;

/// <summary>An upstream's credential. It does not print itself.</summary>
internal sealed class UpstreamSecret(string value)
{
    internal string Reveal() => value;

    public override string ToString() => "[secret]";
}
