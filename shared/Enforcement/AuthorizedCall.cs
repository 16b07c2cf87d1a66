using Proofgate.Enforcement.Provenance;
using Proofgate.Policy;

namespace Proofgate.Enforcement;

/// <summary>A call whose caller may do this at all. Its content has not been looked at; only the pipeline makes one, and only it takes one.</summary>
internal sealed class AuthorizedCall<TCall>(TCall call, Origin origin, Inquiry inquiry, Limits.Reservation reservation)
    where TCall : Call
{
    internal TCall Call => call;

    internal Origin Origin => origin;

    internal Inquiry Inquiry => inquiry;

    internal Limits.Reservation Reservation => reservation;
}
