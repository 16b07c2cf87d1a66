using Microsoft.Extensions.Logging;

namespace Proofgate.Identity;

/// <summary>Events 1000-1999.</summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Warning, "The key store did not answer a read.")]
    public static partial void KeyReadFailed(this ILogger log, Exception exception);

    [LoggerMessage(1002, LogLevel.Error, "Key {Id} was stored under pepper {Version}, which Proofgate:Secrets:ApiKeyPepper no longer holds: it is refused.")]
    public static partial void PepperMissing(this ILogger log, KeyId id, int version);

    [LoggerMessage(1003, LogLevel.Warning, "The change feed could not be read, attempt {Attempt}. After 4 s without it every credential is refused.")]
    public static partial void FeedFailed(this ILogger log, int attempt, Exception exception);

    [LoggerMessage(1004, LogLevel.Information, "The change feed is read again after {Attempts} failures.")]
    public static partial void FeedRecovered(this ILogger log, int attempts);

    [LoggerMessage(1005, LogLevel.Information, "{Count} open streams end: {Cause}.")]
    public static partial void StreamsEnded(this ILogger log, int count, CredentialEnd cause);

    [LoggerMessage(1006, LogLevel.Information, "API key {Id} was created by {By}.")]
    public static partial void KeyCreated(this ILogger log, KeyId id, string by);

    [LoggerMessage(1007, LogLevel.Information, "API key {Id} was revoked.")]
    public static partial void KeyRevoked(this ILogger log, KeyId id);

    [LoggerMessage(1008, LogLevel.Warning, "A callback of an ended stream failed.")]
    public static partial void EndCallbackFailed(this ILogger log, Exception exception);

    [LoggerMessage(1041, LogLevel.Warning, "The use of a proof could not be noted: the call is answered 503.")]
    public static partial void ProofUseNotNoted(this ILogger log, Exception exception);

    [LoggerMessage(1030, LogLevel.Information, "API key {Id} was rotated: {Successor} follows it.")]
    public static partial void KeyRotated(this ILogger log, KeyId id, KeyId successor);

    [LoggerMessage(1031, LogLevel.Information, "API key {Id} was bound to a key pair.")]
    public static partial void KeyBound(this ILogger log, KeyId id);

    [LoggerMessage(1032, LogLevel.Warning, "Successor {Id} of a rotation that failed could not be revoked. Nobody has seen its key.")]
    public static partial void SuccessorNotRevoked(this ILogger log, KeyId id, Exception exception);

    [LoggerMessage(1033, LogLevel.Error, "A key that was reported as leaked could not be looked up or revoked; the reporter was told to come again.")]
    public static partial void LeakNotActedOn(this ILogger log, Exception exception);

    [LoggerMessage(1034, LogLevel.Warning, "The last use of keys could not be noted. It is tried again; calls are not affected.")]
    public static partial void UseNotNoted(this ILogger log, Exception exception);

    [LoggerMessage(1035, LogLevel.Debug, "The deny list was read: {Count} entries.")]
    public static partial void DenyListRead(this ILogger log, int count);

    [LoggerMessage(1036, LogLevel.Warning, "The deny list could not be read again or tidied after a change, which itself is stored.")]
    public static partial void DenyListNotTidied(this ILogger log, Exception exception);

    [LoggerMessage(1020, LogLevel.Information, "Issuer {Name} has {Count} usable keys now.")]
    public static partial void IssuerKeysChanged(this ILogger log, string name, int count);

    [LoggerMessage(1021, LogLevel.Warning, "The keys of issuer {Name} could not be read. Those in memory serve on until its MaxStale.")]
    public static partial void IssuerKeysFailed(this ILogger log, string name, Exception exception);
}
