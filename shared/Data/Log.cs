using Microsoft.Extensions.Logging;

namespace Proofgate.Data;

/// <summary>Events 8000-8999. Names and counts only.</summary>
internal static partial class Log
{
    [LoggerMessage(8001, LogLevel.Error, "The source of dataset '{Dataset}' is not as the catalogue says, and is not asked: {Problems}")]
    public static partial void SourceUnlikeCatalogue(this ILogger log, string dataset, string problems);

    [LoggerMessage(8002, LogLevel.Warning, "The source of dataset '{Dataset}' cannot be looked at: {Fault}.")]
    public static partial void SourceFailed(this ILogger log, string dataset, string fault);
}
