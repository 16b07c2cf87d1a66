using System.Globalization;
using Proofgate.Http.Manage;

namespace Proofgate.Http.Evidence;

/// <summary>What requests for a tenant's events say in their query.</summary>
internal static class TenantQuery
{
    private const string Parameter = "tenant";

    /// <summary>The tenant that is asked for; null where it is no name, which is answered. Its event names it, and the ledger holds names only.</summary>
    internal static async Task<string?> TenantAsync(Exchange exchange)
    {
        var values = exchange.Http.Request.Query[Parameter];
        if (values.Count == 0)
        {
            return exchange.Caller.Tenant;
        }

        if (values is [{ } name] && TenantNames.IsName(name))
        {
            return name;
        }

        await exchange.RefuseAsync(400, "invalid_tenant", TenantNames.Problem, Parameter, exchange.Describe());
        return null;
    }

    /// <summary>A place in a log, or nothing; false where it is neither.</summary>
    internal static bool TryPlace(Exchange exchange, string parameter, out long? place)
    {
        place = null;
        var values = exchange.Http.Request.Query[parameter];
        if (values.Count == 0)
        {
            return true;
        }

        var isNumber = long.TryParse(values.Count == 1 ? values[0] : null, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        place = number;
        return isNumber;
    }

    internal static Task<int> UnavailableAsync(Exchange exchange) =>
        ManageDesk.RefuseAsync(exchange, 503, "evidence_unavailable", "The evidence is out of reach at the moment. Try again shortly.");
}
