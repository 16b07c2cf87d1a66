using System.Net.Http.Headers;
using System.Text.Json;
using Proofgate.Cli.Gateway.Wire;

namespace Proofgate.Cli.Gateway;

/// <summary>Makes one sentence and an exit code of a refusal.</summary>
internal static class FailureReader
{
    internal const string AuditIdHeader = "Proofgate-Audit-Id";

    private const int MaxErrorBytes = 64 * 1024;
    private const int MaxDetail = 500;

    internal static async Task<CliError> ReadAsync(
        HttpResponseMessage response, Credential? credential, CancellationToken cancellationToken, string addressOption = "--gateway")
    {
        var status = (int)response.StatusCode;
        var body = await ReadBodyAsync(response, cancellationToken);
        var detail = Clip(body?.Error?.Message ?? body?.Detail, credential);
        var code = Clip(body?.Error?.Code ?? body?.Code, credential) ?? $"http_{status}";
        var (exit, what, remedy) = Explain(status, body is not null, response.Headers.RetryAfter, credential?.Source ?? "use", addressOption);
        return new CliError(exit, code, detail is null ? $"{what}: {remedy}." : $"{what} ({detail}): {remedy}.")
        {
            Status = status,
            AuditId = AuditIdOf(response),
        };
    }

    internal static string? AuditIdOf(HttpResponseMessage response) => Header(response, AuditIdHeader);

    internal static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    /// <summary>An error that a stream carried after it had begun.</summary>
    internal static CliError InBand(OpenAiError error, string? auditId, Credential credential) =>
        new(ExitCode.Failed, Clip(error.Code, credential) ?? "stream_failed",
            $"the answer broke off ({Clip(error.Message, credential) ?? "no reason given"}): what was printed is not all of it, ask again.")
        {
            AuditId = auditId,
        };

    private static (ExitCode Exit, string What, string Remedy) Explain(
        int status, bool understood, RetryConditionHeaderValue? retry, string source, string addressOption) => status switch
        {
            401 => (ExitCode.Refused, "the gateway does not accept the credential", $"check the one in {source}"),
            403 => (ExitCode.Refused, "the gateway refused this", "use a key that may do it, or ask whoever manages the policy"),
            404 when !understood => (ExitCode.Failed, "nothing of Proofgate answers at this address", $"check {addressOption}"),
            404 => (ExitCode.Failed, "the gateway does not know it", "check the spelling"),
            409 or 412 => (ExitCode.Failed, "the gateway will not do this as things are", "nothing was changed"),
            422 => (ExitCode.Failed, "the gateway does not take it", "correct it and try again"),
            429 => (ExitCode.Failed, "too many requests or tokens", $"try again {After(retry)}"),
            503 => (ExitCode.Failed, "the gateway cannot serve this now", $"look at its /readyz and try again {After(retry)}"),
            >= 300 and < 400 => (ExitCode.Failed, $"the address answered {status}, a redirect, which is not followed with a key", $"check {addressOption}"),
            >= 500 => (ExitCode.Failed, $"the gateway answered {status}", "try again, and look at its log if it stays so"),
            _ => (ExitCode.Failed, $"the gateway answered {status}", "correct the request"),
        };

    private static string After(RetryConditionHeaderValue? retry) => retry?.Delta is { } wait ? $"in {wait.TotalSeconds:0} s" : "later";

    private static async Task<ProblemBody?> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType is not ("application/problem+json" or "application/json"))
        {
            return null;
        }

        try
        {
            await response.Content.LoadIntoBufferAsync(MaxErrorBytes, cancellationToken);
            return JsonSerializer.Deserialize(await response.Content.ReadAsStreamAsync(cancellationToken), CliJson.Default.ProblemBody);
        }
        catch (Exception unreadable) when (unreadable is JsonException or HttpRequestException or IOException)
        {
            return null;
        }
    }

    /// <summary>One sentence without its full stop. Should an answer repeat the key, it is not shown.</summary>
    private static string? Clip(string? text, Credential? credential)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var clean = (credential is null ? text : text.Replace(credential.Secret.Reveal(), "(the key)", StringComparison.Ordinal)).Trim().TrimEnd('.');
        return clean.Length <= MaxDetail ? clean : clean[..MaxDetail] + "...";
    }
}
