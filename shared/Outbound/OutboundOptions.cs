using System.Net;

namespace Proofgate.Outbound;

/// <summary>Section <c>Proofgate:Outbound</c>: where this process may connect to.</summary>
public sealed class OutboundOptions
{
    public const string Section = "Proofgate:Outbound";

    /// <summary>Whether upstreams and witnesses on this machine are allowed: the local run. Default: no.</summary>
    public bool AllowLoopback { get; set; }

    /// <summary>Private networks in CIDR form that upstreams and witnesses may be in, for example <c>10.2.0.0/16</c>. Default: none.</summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>Time to connect to an upstream, TLS included. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections to one upstream. Default 512.</summary>
    public int MaxConnections { get; set; } = 512;

    internal IEnumerable<string> Problems()
    {
        foreach (var network in AllowedNetworks)
        {
            if (!IPNetwork.TryParse(network, out _))
            {
                yield return $"{Section}:{nameof(AllowedNetworks)}: '{network}' is not a network such as 10.2.0.0/16.";
            }
        }

        if (ConnectTimeout <= TimeSpan.Zero || ConnectTimeout > TimeSpan.FromMinutes(1))
        {
            yield return $"{Section}:{nameof(ConnectTimeout)} must be over 0 and at most 1 minute.";
        }

        if (MaxConnections is < 1 or > 100_000)
        {
            yield return $"{Section}:{nameof(MaxConnections)} must be 1 to 100000.";
        }
    }
}
