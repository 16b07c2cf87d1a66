using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Proofgate.Audit.Sealing;

/// <summary>The name under which a subject's data key is stored: a keyed hash, so that the key table names nobody.</summary>
public static class SubjectLookup
{
    public static string Of(AuditKeys keys, string tenant, string subject) => Of(keys.Derive("lookup"), tenant, subject);

    internal static string Of(byte[] lookupKey, string tenant, string subject)
    {
        var text = Encoding.UTF8.GetBytes(FormattableString.Invariant($"{Encoding.UTF8.GetByteCount(tenant)}:{tenant}{subject}"));
        return Base64Url.EncodeToString(HMACSHA256.HashData(lookupKey, text));
    }
}
