using System.Buffers;
using System.Text.Json;
using Proofgate.Http.Errors;
using Proofgate.Identity;

namespace Proofgate.Http.Endpoints;

/// <summary>
/// <c>GET /.well-known/oauth-protected-resource</c> (RFC 9728): which issuers' tokens are taken here and how they are to be sent. Everything
/// in it is read from what the authenticator itself uses, so it cannot say anything else (P6).
/// </summary>
public sealed class ResourceMetadataEndpoint(ResourceMetadata metadata) : IEndpoint
{
    private const string Cacheable = "public, max-age=300";

    public async Task HandleAsync(Exchange exchange)
    {
        var http = exchange.Http;
        var path = http.Request.RouteValues["resource"] as string;
        if (metadata.Origin is not { } origin || !IsOurs(path))
        {
            await ErrorWriter.WriteAsync(http, exchange.Route.Errors, new ErrorAnswer(
                404, "not_found", metadata.Origin is null ? "This deployment has no public origin: set Proofgate:PublicOrigins." : "There is no such resource here."));
            return;
        }

        http.Response.Headers.CacheControl = Cacheable;
        await JsonAnswer.WriteAsync(http, 200, Describe(string.IsNullOrEmpty(path) ? origin : $"{origin}/{path}"));
    }

    /// <summary>The path-inserted form (RFC 9728, 3.1) exists for the paths that exist.</summary>
    private static bool IsOurs(string? path) =>
        string.IsNullOrEmpty(path) || Routes.All.Any(r => r.Access == Access.Controlled && r.Template.AsSpan(1).SequenceEqual(path));

    /// <summary>P2: what is empty is left out.</summary>
    private ReadOnlyMemory<byte> Describe(string resource)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("resource"u8, resource);
            WriteList(json, "authorization_servers", metadata.Issuers);
            WriteList(json, "bearer_methods_supported", ["header"]);
            WriteList(json, "dpop_signing_alg_values_supported", metadata.ProofAlgorithms);
            if (metadata.BoundTokensRequired)
            {
                json.WriteBoolean("dpop_bound_access_tokens_required"u8, true);
            }

            if (metadata.CertificatesTaken)
            {
                json.WriteBoolean("tls_client_certificate_bound_access_tokens"u8, true);
            }

            json.WriteString("resource_name"u8, "Proofgate"u8);
            json.WriteEndObject();
        }

        return body.WrittenMemory;
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
