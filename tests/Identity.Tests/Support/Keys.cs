using Proofgate.Identity.ApiKeys;

namespace Proofgate.Identity.Tests.Support;

/// <summary>Keys whose form is right although nobody issued them.</summary>
internal static class Keys
{
    /// <summary>Another secret for the same public id.</summary>
    public static string WithOtherSecret(ApiKey key) => Sealed($"pgk_{key.Environment}_{key.Id}_{ApiKey.Create("live").Reveal().Substring(18, 30)}");

    public static string Unknown() => ApiKey.Create("live").Reveal();

    private static string Sealed(string body)
    {
        Span<char> checksum = stackalloc char[6];
        Base62.Write(Crc32.Of(body), checksum);
        return body + checksum.ToString();
    }
}
