namespace Proofgate.Identity;

/// <summary>Key <c>Proofgate:TrustedHops</c>.</summary>
public sealed class ClientAddressOptions
{
    public const string Section = "Proofgate";

    /// <summary>Proxies in front of this process that each append one entry to X-Forwarded-For. 0, the default: the socket's peer is the client.</summary>
    public int TrustedHops { get; set; }

    internal IEnumerable<string> Problems()
    {
        if (TrustedHops is < 0 or > 16)
        {
            yield return $"{Section}:{nameof(TrustedHops)} must be 0 to 16.";
        }
    }
}
