using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Proofgate.Audit.Sealing;
using Proofgate.Enforcement;
using Proofgate.Enforcement.Provenance;

namespace Proofgate.Tests.Support;

/// <summary>Lineage tokens of a deployment with these secrets.</summary>
internal static class Mint
{
    internal static LineageTokens Of(TimeProvider time, LineageOptions? options = null, byte master = 0, params (int Version, byte Fill)[] secrets)
    {
        var services = new ServiceCollection();
        services.Configure<LineageSecretOptions>(o =>
        {
            foreach (var (version, fill) in secrets)
            {
                o.Add(version.ToString(System.Globalization.CultureInfo.InvariantCulture), Convert.ToBase64String(Filled(fill)));
            }
        });
        return new LineageTokens(
            new LineageSecret(AuditKeys.FromMaster(Filled(master))), services.BuildServiceProvider().GetRequiredService<IOptionsMonitor<LineageSecretOptions>>(),
            Options.Create(options ?? new LineageOptions()), time);
    }

    private static byte[] Filled(byte value)
    {
        var bytes = new byte[32];
        bytes.AsSpan().Fill(value);
        return bytes;
    }
}
