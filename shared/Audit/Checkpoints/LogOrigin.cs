using System.Globalization;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Checkpoints;

/// <summary>What a deployment's logs are called in their checkpoints: the prefix that its operator chose, then the log's name.</summary>
public sealed record LogOrigin(string Prefix, string Hub)
{
    /// <summary>Name of the log over the logs. No partition is called so: their names end in digits.</summary>
    public string SuperLog => $"{Hub}-super";

    /// <summary>The deployment whose super-log is called so; null if that is no super-log's origin.</summary>
    public static LogOrigin? OfSuperLog(string origin)
    {
        var slash = origin.LastIndexOf('/');
        return slash > 0 && origin.EndsWith("-super", StringComparison.Ordinal) && origin.Length > slash + 7
            ? new LogOrigin(origin[..slash], origin[(slash + 1)..^6])
            : null;
    }

    public string Of(string log) => $"{Prefix}/{log}";

    public string Of(LogName log) => Of(log.ToString());

    /// <summary>Whether a name is one of this hub's logs, in its one spelling.</summary>
    public bool Has(string log) => log == SuperLog
        || (LogName.TryParse(log, out var name) && name.Hub == Hub && name.Partition >= 0 && name.Epoch >= 0
            && string.Create(CultureInfo.InvariantCulture, $"{name}") == log);
}
