using System.Globalization;
using Proofgate.Audit;
using Proofgate.Enforcement.Limits;
using Proofgate.Policy;

namespace Proofgate.Enforcement;

/// <summary>The refusals of the pipeline, worded once.</summary>
internal static class Refusals
{
    internal static Refusal Denied(AuditId id, Decision decision) => decision.StepUp is { } stepUp
        ? new()
        {
            Id = id,
            Status = 401,
            Code = "insufficient_user_authentication",
            Message = decision.Reason,
            StepUp = stepUp,
        }
        : new()
        {
            Id = id,
            Status = 403,
            Code = "policy_denied",
            Message = decision.Reason,
        };

    internal static Refusal Undisclosable(AuditId id, IReadOnlyList<string> kinds, string recipient) => new()
    {
        Id = id,
        Status = 422,
        Code = "prompt_contains_sensitive_data",
        Message = $"The prompt contains {string.Join(", ", kinds)}, which policy does not allow to be sent to this {recipient}. Remove it and try again.",
    };

    internal static Refusal NoPlace(AuditId id, IEnumerable<string> kinds) => new()
    {
        Id = id,
        Status = 422,
        Code = "prompt_contains_sensitive_data",
        Message = $"The prompt contains {string.Join(", ", kinds)}, which policy does not let go to this model as it is, where no placeholder can stand for it: "
            + "in the name of a member, or behind escapes. Remove it and try again.",
    };

    internal static Refusal RecogniserNotPermitted(AuditId id, string recogniser, string reason) => new()
    {
        Id = id,
        Status = 403,
        Code = "policy_denied",
        Message = $"Every prompt is looked at by the recogniser '{recogniser}', and policy does not let this one go there: {reason}",
    };

    internal static Refusal RecogniserUnavailable(AuditId id) => new()
    {
        Id = id,
        Status = 503,
        Code = "recogniser_unavailable",
        Message = "The prompt could not be looked at for names and places, so nothing was sent on. Try again shortly.",
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    internal static Refusal NoGrounding(AuditId id) => new()
    {
        Id = id,
        Status = 400,
        Code = "unsupported_parameter",
        Message = "'proofgate' (datasets, lineage) is not served by this deployment.",
    };

    internal static Refusal GroundingTooLarge(AuditId id) => new()
    {
        Id = id,
        Status = 413,
        Code = "prompt_too_large",
        Message = "What the datasets gave makes the prompt too large. Ask for fewer rows or columns.",
    };

    internal static Refusal TooMuchWithheld(AuditId id) => new()
    {
        Id = id,
        Status = 413,
        Code = "prompt_too_large",
        Message = "The datasets gave more values that you may not see than can be kept out of an answer. Ask for fewer rows or columns.",
    };

    internal static Refusal ToolsRefused(AuditId id, IReadOnlyList<string> tools) => new()
    {
        Id = id,
        Status = 403,
        Code = "tool_not_permitted",
        Message = $"{string.Join(", ", tools)} would run at the model's provider, and policy does not permit that (useTool). Leave it out and try again.",
    };

    internal static Refusal RateExceeded(AuditId id, LimitScope scope, TimeSpan retryAfter) => new()
    {
        Id = id,
        Status = 429,
        Code = "rate_limit_exceeded",
        Message = $"Too many requests {Of(scope)}. Try again in {Seconds(retryAfter)} s.",
        RetryAfter = retryAfter,
    };

    internal static Refusal TooManyAtOnce(AuditId id, LimitScope scope, int limit) => new()
    {
        Id = id,
        Status = 429,
        Code = "too_many_concurrent_requests",
        Message = $"{limit.ToString(CultureInfo.InvariantCulture)} requests {Of(scope)} are open, which is the limit. Try again when one has ended.",
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    internal static Refusal BudgetSpent(AuditId id, LimitScope scope, BudgetUnit unit, TimeSpan retryAfter) => new()
    {
        Id = id,
        Status = 429,
        Code = unit == BudgetUnit.Tokens ? "token_budget_exceeded" : "cost_budget_exceeded",
        Message = $"Today's budget (UTC) of {(unit == BudgetUnit.Tokens ? "tokens" : "cost")} {Of(scope)} would be exceeded. A smaller request may still fit.",
        RetryAfter = retryAfter,
    };

    internal static Refusal BudgetUnavailable(AuditId id) => new()
    {
        Id = id,
        Status = 503,
        Code = "budget_unavailable",
        Message = "Whether the budget allows this cannot be found out at the moment, so nothing was sent on. Try again shortly.",
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    internal static Refusal Overloaded(AuditId id) => new()
    {
        Id = id,
        Status = 503,
        Code = "overloaded",
        Message = "The gateway is at its limit of open requests. Try again shortly.",
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    internal static Refusal AuditUnavailable(AuditId id) => new()
    {
        Id = id,
        Status = 503,
        Code = "audit_unavailable",
        Message = "The decision could not be recorded, so nothing was sent on. Try again shortly.",
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    /// <summary>Another caller's session is as unknown as one that never was.</summary>
    internal static Refusal UnknownSession(AuditId id) => new()
    {
        Id = id,
        Status = 400,
        Code = "unknown_session",
        Message = "This is no session of yours, or it has ended. Begin another with 'Proofgate-Session: new'.",
    };

    internal static Refusal SessionUnavailable(AuditId id) => new()
    {
        Id = id,
        Status = 503,
        Code = "session_unavailable",
        Message = "What the session has seen cannot be read or kept at the moment, so nothing was sent on. Try again shortly.",
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    private static string Of(LimitScope scope) => scope switch
    {
        LimitScope.Key => "with this credential",
        LimitScope.Subject => "by this subject",
        LimitScope.Tenant => "by this tenant",
        _ => "to this model",
    };

    private static string Seconds(TimeSpan time) => Math.Max(1, Math.Ceiling(time.TotalSeconds)).ToString("0", CultureInfo.InvariantCulture);
}
