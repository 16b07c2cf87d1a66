using Microsoft.Extensions.Logging;

namespace Proofgate.AzureStores;

/// <summary>Events 7000-7999. Names of tables and secrets, never what is in them.</summary>
internal static partial class Log
{
    [LoggerMessage(7001, LogLevel.Warning, "{What} could not be created yet ({Problem}); it is tried again.")]
    public static partial void StoreNotCreated(this ILogger log, string what, string problem);

    [LoggerMessage(7002, LogLevel.Error, "Key Vault could not be read ({Problem}). The secrets of {Read:u} stay in use until {Until:u}.")]
    public static partial void SecretsNotRead(this ILogger log, string problem, DateTimeOffset read, DateTimeOffset until);

    [LoggerMessage(7003, LogLevel.Critical, "Key Vault could not be read for {Limit}: its secrets are no longer used.")]
    public static partial void SecretsDropped(this ILogger log, TimeSpan limit);

    [LoggerMessage(7004, LogLevel.Information, "Secrets from Key Vault have changed: {Count} are in use.")]
    public static partial void SecretsChanged(this ILogger log, int count);

    [LoggerMessage(7005, LogLevel.Error, "Secrets from Key Vault are not what they must be; those before stay in use. {Problem}")]
    public static partial void SecretsRefused(this ILogger log, string problem);

    [LoggerMessage(7021, LogLevel.Warning, "The tables of used proofs could not be tended ({Problem}); it is tried again.")]
    public static partial void ReplayTablesNotTended(this ILogger log, string problem);

    [LoggerMessage(7022, LogLevel.Information, "Table '{Table}' is over 48 h old and was dropped.")]
    public static partial void ReplayTableDropped(this ILogger log, string table);

    [LoggerMessage(7031, LogLevel.Warning, "Sessions of past days could not be deleted ({Problem}); it is tried again.")]
    public static partial void SessionsNotSwept(this ILogger log, string problem);

    [LoggerMessage(7032, LogLevel.Information, "{Count} sessions of past days were deleted.")]
    public static partial void SessionsSwept(this ILogger log, int count);
}
