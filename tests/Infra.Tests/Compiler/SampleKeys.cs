using System.Security.Cryptography;

namespace Proofgate.Infra.Tests.Compiler;

/// <summary>Public halves of keys that nobody has.</summary>
internal static class SampleKeys
{
    internal static string Author { get; } = New();

    internal static string Approver { get; } = New();

    private static string New()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }
}
