using Microsoft.Extensions.Logging;

namespace Proofgate.Policy;

/// <summary>Events 2000-2999.</summary>
internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Information, "Policy bundle '{Name}' is active: {Digest}, {Count} policies.")]
    public static partial void BundleActivated(this ILogger log, string name, string digest, int count);

    [LoggerMessage(2002, LogLevel.Error, "A changed policy bundle is not taken, the last good one stays. {Count} problems: {Problems}")]
    public static partial void BundleRejected(this ILogger log, int count, string problems);

    [LoggerMessage(2003, LogLevel.Error, "A changed policy bundle could not be activated; it is tried again.")]
    public static partial void BundleReloadFailed(this ILogger log, Exception exception);

    [LoggerMessage(2004, LogLevel.Error, "The store of policy bundles could not be read; while it is so for too long, every call is refused.")]
    public static partial void PolicyStoreFailed(this ILogger log, Exception exception);

    [LoggerMessage(2005, LogLevel.Information, "The store of policy bundles is read again.")]
    public static partial void PolicyStoreRecovered(this ILogger log);
}
