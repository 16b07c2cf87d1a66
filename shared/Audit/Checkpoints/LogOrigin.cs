using System.Globalization;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Checkpoints;

/// <summary>What a deployment's logs are called in their checkpoints: the prefix that its operator chose, then the log's name.</summary>
public sealed record LogOrigin(string Prefix, string Hub)
{
    /// <summary>Name of the log over the logs. No partition is called so: their names end in digits.</summary>
    public string SuperLog => $"{Hub}-super";

    public string Of(string log) => $"{Prefix}/{log}";

    public string Of(LogName log) => Of(log.ToString());

    /// <summary>Whether a name is one of this hub's logs, in its one spelling.</summary>
    public bool Has(string log) => log == SuperLog
        || (LogName.TryParse(log, out var name) && name.Hub == Hub && name.Partition >= 0 && name.Epoch >= 0
            && string.Create(CultureInfo.InvariantCulture, $"{name}") == log);
}
