using System.Net;
using Proofgate.Audit.Events;

namespace Proofgate.Audit;

/// <summary>Where refusals go that anybody could cause in any number: single events up to a limit, counts beyond it, a queue of their own.</summary>
public interface IRefusalChannel
{
    /// <summary>Never waits and never fails: the refusal is answered whatever becomes of its record.</summary>
    /// <param name="refusal">Its personal part, if any, is sealed under a key of the day and not of the subject it names.</param>
    /// <param name="address">The client's address, where it is known.</param>
    void Report(RefusalEvent refusal, IPAddress? address);
}
