using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Proofgate.Local.Hub;

/// <summary>Errors by the conditions that Event Hubs clients know: which of them is tried again hangs on it.</summary>
internal static class HubErrors
{
    private const string ServerBusyCode = "com.microsoft:server-busy";
    private const string UnsupportedCode = "amqp:not-implemented";
    private const string OutOfRangeCode = "com.microsoft:argument-out-of-range";

    internal static Error NoEntity(string? address) =>
        Of(ErrorCode.NotFound, $"The messaging entity '{address}' could not be found. The local hub serves what it was started with.");

    internal static Error Unauthorized(string why) => Of(ErrorCode.UnauthorizedAccess, why);

    internal static Error OutOfRange(string what) => Of(OutOfRangeCode, what);

    /// <summary>Clients wait and try again.</summary>
    internal static Error ServerBusy(string why) => Of(ServerBusyCode, why);

    /// <summary>Clients give up at once: waiting does not help.</summary>
    internal static Error Full(string why) => Of(ErrorCode.ResourceLimitExceeded, why);

    internal static Error TooLarge(long bytes, long limit) => Of(
        ErrorCode.MessageSizeExceeded, FormattableString.Invariant($"The received message (bytes: {bytes}) exceeds the limit ({limit} bytes)."));

    internal static Error Malformed(string what) => Of(ErrorCode.DecodeError, what);

    internal static Error Unsupported(string what) => Of(UnsupportedCode, what);

    internal static Error NotAllowed(string what) => Of(ErrorCode.NotAllowed, what);

    internal static Error Stolen(string what) => Of(ErrorCode.Stolen, what);

    internal static Error Internal(Exception failure) => Of(ErrorCode.InternalError, $"The local hub failed: {failure.Message}");

    private static Error Of(string condition, string description) => new(new Symbol(condition)) { Description = description };
}
