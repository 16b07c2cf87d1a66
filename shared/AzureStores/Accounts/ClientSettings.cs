using Azure.Core;

namespace Proofgate.AzureStores.Accounts;

/// <summary>What every Azure client here has in common. Retries are safe: each write is an insert, or carries an ETag.</summary>
internal static class ClientSettings
{
    internal static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(10);

    internal static T Apply<T>(T options)
        where T : ClientOptions
    {
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = 3;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(2);
        options.Retry.NetworkTimeout = NetworkTimeout;
        options.Diagnostics.IsLoggingContentEnabled = false;
        return options;
    }
}
