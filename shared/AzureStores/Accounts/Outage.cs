using Azure;
using Azure.Data.Tables.Models;
using Azure.Identity;

namespace Proofgate.AzureStores.Accounts;

/// <summary>Tells an outage from an answer and from a bug of ours.</summary>
internal static class Outage
{
    /// <summary>
    /// Whether a call failed because the service is out of reach, busy, refuses us or has no such table. Not: a cancelled caller, a
    /// conflict, or a request that the service calls wrong.
    /// </summary>
    internal static bool Is(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        // The SDK reports its own network timeout as a cancellation.
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        RequestFailedException { Status: 400 or 412 or 413 } => false,
        RequestFailedException { Status: 409 } conflict => conflict.ErrorCode != TableErrorCode.EntityAlreadyExists,
        RequestFailedException or AuthenticationFailedException => true,
        AggregateException several => several.InnerExceptions.All(e => Is(e, cancellationToken)),
        _ => exception is IOException or HttpRequestException,
    };

    /// <summary>The SDK reports all its attempts together; they fail alike, and the last one says it.</summary>
    internal static Exception CauseOf(Exception exception) =>
        exception is AggregateException several ? CauseOf(several.InnerExceptions[^1]) : exception;

    /// <summary>What happened, without addresses or content.</summary>
    internal static string Describe(Exception exception) => exception switch
    {
        RequestFailedException { Status: > 0 } answer => $"status {answer.Status} {answer.ErrorCode}".TrimEnd(),
        OperationCanceledException => $"no answer in {ClientSettings.NetworkTimeout.TotalSeconds:0} s",
        AuthenticationFailedException => "no token for the configured identity",
        AggregateException => Describe(CauseOf(exception)),
        _ => "no connection",
    };
}
