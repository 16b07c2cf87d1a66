using System.Security.Cryptography;
using System.Text;
using Proofgate.Enforcement.Provenance;
using Proofgate.Identity;

namespace Proofgate.Enforcement;

/// <summary>Where a session is kept. It follows from the id and from who calls: another caller with the same id looks in another place, and finds nothing.</summary>
/// <param name="Day">UTC day on which the session ends; records of a day that is over can go.</param>
/// <param name="Digest">SHA-256 of caller and id, lower-case hex: a store names neither.</param>
public readonly record struct SessionKey(DateOnly Day, string Digest)
{
    internal static SessionKey Of(SessionId id, Caller caller) =>
        new(id.Day, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"proofgate session v1\n{CallerName.Of(caller)}{id}"))));
}
