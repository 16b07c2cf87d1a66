using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Proofgate.Identity.Denials;

/// <summary>Names of entries: <c>{kind}-{base64url(SHA-256(tenant NUL kind NUL value))}</c>. The same denial has the same name, so it exists once.</summary>
public static class DenyId
{
    public static string Of(string tenant, DenyKind kind, string value)
    {
        // Neither a tenant nor a kind has a NUL, so no two triples share a text.
        var name = DenyKinds.NameOf(kind);
        return $"{name}-{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}\0{name}\0{value}")))}";
    }
}
