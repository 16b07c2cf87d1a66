using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Proofgate.Audit;
using Proofgate.Audit.Promises;
using Proofgate.Enforcement.Recording;
using Proofgate.Http.Errors;
using Proofgate.Identity;

namespace Proofgate.Http;

/// <summary>
/// Every request of every host enters here: method, address limit and credential are checked before an endpoint sees it, so no route can
/// forget one. Doors call <c>HandleAsync</c> with their entry of the route table and do nothing else.
/// </summary>
public sealed class FrontDesk(
    Authenticator authenticator, Challenges challenges, Cors cors, ClientAddress addresses, AddressLimiter limiter, PublishedReads published, UnauthenticatedRefusals refusals,
    CallRecorder recorder, PromiseMaker promises, IServiceProvider services, TimeProvider time, ILogger<FrontDesk> log)
{
    /// <summary>For hosts that can end a call themselves: their token ends it as the client's leaving does.</summary>
    public async Task HandleAsync(Route route, HttpContext http, CancellationToken hostStops)
    {
        var clientLeaves = http.RequestAborted;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clientLeaves, hostStops);
        http.RequestAborted = either.Token;
        try
        {
            await HandleAsync(route, http);
        }
        finally
        {
            http.RequestAborted = clientLeaves;
        }
    }

    public async Task HandleAsync(Route route, HttpContext http)
    {
        var id = AuditId.New(time);
        var traceId = TraceIdOf(http.Request);
        http.Response.Headers[Exchange.AuditIdHeader] = id.ToString();
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            if (!IsFramedPlainly(http.Request.Headers))
            {
                http.Response.Headers.Connection = "close";
                await ErrorWriter.WriteAsync(http, route.Errors, new ErrorAnswer(400, "invalid_request", "The length of the body is not plain."));
                return;
            }

            if (cors.Answers(route, http))
            {
                return;
            }

            if (!route.Methods.Contains(http.Request.Method))
            {
                await RefuseMethodAsync(route, http);
                return;
            }

            Caller? caller = null;
            if (LimiterOf(route.Access) is { } limit && !await AdmitsAddressAsync(limit, route, http, id))
            {
                return;
            }

            if (route.Access is Access.Controlled && (caller = await AuthenticateAsync(route, http, id)) is null)
            {
                return;
            }

            var endpoint = (IEndpoint)services.GetRequiredService(route.Endpoint);
            await endpoint.HandleAsync(new Exchange(http, route, id, traceId, caller, recorder, challenges, promises));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client has left; whatever was begun has its outcome.
        }
        catch (BadHttpRequestException e)
        {
            await ErrorWriter.WriteAsync(http, route.Errors, new ErrorAnswer(e.StatusCode, "invalid_request", "The request could not be read."));
        }
        catch (Exception e)
        {
            log.RequestFailed(e, route.Name, id);
            await ErrorWriter.WriteAsync(http, route.Errors, new ErrorAnswer(
                500, "internal_error", $"The gateway failed. The operator finds the cause in its log under {id}."));
        }
    }

    /// <summary>For hosts that bring unknown paths here.</summary>
    public static Task NotFoundAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return ErrorWriter.WriteAsync(http, ErrorStyle.OpenAi, new ErrorAnswer(404, "not_found", "There is no such route."));
    }

    /// <summary>
    /// A body with two lengths, or a coding besides chunked, is where a proxy and a server disagree on the next request (RFC 9112, 6.1). Kestrel
    /// moves a Content-Length beside Transfer-Encoding to X-Content-Length.
    /// </summary>
    private static bool IsFramedPlainly(IHeaderDictionary headers) =>
        headers.TransferEncoding.Count == 0
        || (string.Equals(headers.TransferEncoding, "chunked", StringComparison.OrdinalIgnoreCase)
            && headers["X-Content-Length"].Count == 0 && headers[HeaderNames.ContentLength].Count == 0);

    private static async Task RefuseMethodAsync(Route route, HttpContext http)
    {
        http.Response.Headers.Allow = string.Join(", ", route.Methods);
        await ErrorWriter.WriteAsync(http, route.Errors, new ErrorAnswer(
            405, "method_not_allowed", $"{route.Template} serves {string.Join(" and ", route.Methods)}."));
    }

    /// <summary>The authenticator limits addresses itself; a route without one must not be open to guessing, nor to who would keep storage busy.</summary>
    private AddressLimiter? LimiterOf(Access access) => access switch
    {
        Access.Bootstrap or Access.Report => limiter,
        Access.Published => published.Limiter,
        _ => null,
    };

    private async ValueTask<bool> AdmitsAddressAsync(AddressLimiter limit, Route route, HttpContext http, AuditId id)
    {
        var verdict = limit.TryTake(addresses.Of(http.Request.Headers, http.Connection.RemoteIpAddress));
        if (!verdict.Allowed)
        {
            refusals.Record(id, route, http, 429, "address_limit");
            await ErrorWriter.WriteAsync(http, route.Errors, new ErrorAnswer(
                429, "too_many_requests", "Too many requests from this address. Slow down.", RetryAfter: verdict.RetryAfter));
        }

        return verdict.Allowed;
    }

    private async ValueTask<Caller?> AuthenticateAsync(Route route, HttpContext http, AuditId id)
    {
        var result = await authenticator.AuthenticateAsync(Presented(http), http.RequestAborted);
        if (result is AuthenticationResult.Authenticated authenticated)
        {
            Offer(http, authenticated.Nonce);
            return authenticated.Caller;
        }

        var refused = (AuthenticationResult.Refused)result;
        refusals.Record(id, route, http, refused.Status, refused.Reason);
        Offer(http, refused.Nonce);
        if (challenges.For(refused, route.Resource) is { Count: > 0 } values)
        {
            http.Response.Headers.WWWAuthenticate = values.ToArray();
        }

        await ErrorWriter.WriteAsync(http, route.Errors, new ErrorAnswer(
            refused.Status, CodeOf(refused), refused.Description, RetryAfter: refused.RetryAfter));
        return null;
    }

    /// <summary>The path as it was sent: a proof names it so, and what is decoded before it is compared could be made to agree.</summary>
    private static PresentedRequest Presented(HttpContext http)
    {
        var target = http.Features.Get<IHttpRequestFeature>()?.RawTarget;
        var path = target is ['/', ..] ? target[..(target.IndexOf('?', StringComparison.Ordinal) is var end and >= 0 ? end : target.Length)]
            : http.Request.PathBase.Add(http.Request.Path).ToUriComponent();
        return new PresentedRequest(http.Request.Method, path, http.Request.Headers, http.Connection.RemoteIpAddress)
        {
            Certificate = http.Connection.ClientCertificate,
        };
    }

    private static void Offer(HttpContext http, string? nonce)
    {
        if (nonce is not null)
        {
            http.Response.Headers["DPoP-Nonce"] = nonce;
        }
    }

    /// <summary>OpenAI's clients know <c>invalid_api_key</c>; the challenge carries RFC 6750's own code.</summary>
    private static string CodeOf(AuthenticationResult.Refused refused) => refused.Status switch
    {
        401 => "invalid_api_key",
        429 => "too_many_requests",
        503 => "identity_unavailable",
        _ => refused.Code ?? "invalid_request",
    };

    private static string TraceIdOf(HttpRequest request)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            return activity.TraceId.ToHexString();
        }

        return ActivityContext.TryParse(request.Headers.TraceParent, null, out var parent)
            ? parent.TraceId.ToHexString()
            : ActivityTraceId.CreateRandom().ToHexString();
    }
}
