using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Proofgate.Audit;
using Proofgate.Identity.ApiKeys;

namespace Proofgate.Http.Manage;

/// <summary>
/// <c>POST /manage/init</c>: makes the first administrator, once, for who holds the deployment's one-time token. It is the first event of the
/// ledger's life under an administrator.
/// </summary>
public sealed class InitializationEndpoint(
    ManageDesk desk, KeyAdministration keys, IOptionsMonitor<InitializationOptions> options, UnauthenticatedRefusals refusals) : IEndpoint
{
    /// <summary>The role that the sample bundle gives <c>manage</c>.</summary>
    public const string AdministratorRole = "administrator";

    private const int MinTokenLength = 32;

    public async Task HandleAsync(Exchange exchange)
    {
        if (!Holds(exchange.Http.Request.Headers.Authorization))
        {
            refusals.Record(exchange.Id, exchange.Route, exchange.Http, 401, "bootstrap_token");
            if (exchange.Http.Request.Headers.Authorization.Count == 0)
            {
                // H3: who sent nothing made no error.
                exchange.Http.Response.Headers.WWWAuthenticate = "Bearer realm=\"proofgate\"";
            }

            await ManageDesk.ErrorAsync(
                exchange, 401, "invalid_bootstrap_token", "Send the token of Proofgate:Secrets:Bootstrap as 'Authorization: Bearer'.");
            return;
        }

        var (request, fault) = await desk.ReadAsync(exchange, string.Empty, ManageJson.Default.InitializationRequest);
        if (request is null)
        {
            await RefuseAsync(exchange, fault!.Status, fault.Code, fault.Message);
            return;
        }

        try
        {
            await AnswerAsync(exchange, await keys.InitializeAsync(Specify(request), exchange.ClientGone));
        }
        catch (AuditUnavailableException)
        {
            await ManageDesk.ErrorAsync(
                exchange, 503, "audit_unavailable", "The act could not be recorded, so the key was revoked. Remove the claim row from the keys table and try again.");
        }
    }

    internal static ApiKeySpec Specify(InitializationRequest request) => new()
    {
        Name = request.Name ?? "first administrator",
        Owner = request.Owner ?? AdministratorRole,
        Tenant = request.Tenant ?? "default",
        Roles = new HashSet<string> { AdministratorRole },
    };

    private Task AnswerAsync(Exchange exchange, ApiKeyCreation creation) => creation switch
    {
        ApiKeyCreation.Created created => ManageDesk.AnswerAsync(
            exchange, 201, new FirstKey(created.Key.Reveal(), created.Record.Id.ToString(), created.Record.Expires), ManageJson.Default.FirstKey),
        ApiKeyCreation.Invalid invalid => RefuseAsync(exchange, 400, "invalid_key_request", string.Join(" ", invalid.Problems)),
        _ => RefuseAsync(exchange, 409, "already_initialized", "There is a first administrator already; ask there for a key."),
    };

    /// <summary>Nobody is known here, so the refusal is recorded as that of a stranger.</summary>
    private Task RefuseAsync(Exchange exchange, int status, string code, string message)
    {
        refusals.Record(exchange.Id, exchange.Route, exchange.Http, status, code);
        return ManageDesk.ErrorAsync(exchange, status, code, message);
    }

    private bool Holds(string? authorization)
    {
        const string scheme = "Bearer ";
        var expected = options.CurrentValue.Bootstrap;
        if (expected is not { Length: >= MinTokenLength } || authorization is null || !authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        // Hashes are of one length: the comparison tells nothing about the token's.
        var presented = SHA256.HashData(Encoding.UTF8.GetBytes(authorization[scheme.Length..]));
        return CryptographicOperations.FixedTimeEquals(presented, SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
    }
}
