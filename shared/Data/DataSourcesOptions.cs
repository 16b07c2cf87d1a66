using Microsoft.Extensions.Configuration;

namespace Proofgate.Data;

/// <summary>Section <c>Proofgate:DataSources</c>: what a deployment knows of each connection that its bundle names.</summary>
public sealed class DataSourcesOptions : Dictionary<string, DataSourceSettings>
{
    public const string Section = "Proofgate:DataSources";

    /// <summary>Where a source's credential is beside the other secrets, which is what Key Vault makes of its secret <c>DataSources--{name}</c>.</summary>
    public const string SecretsSection = "Proofgate:Secrets:DataSources";

    public DataSourcesOptions()
        : base(StringComparer.OrdinalIgnoreCase)
    {
    }

    /// <summary>A credential beside the other secrets goes before the one in the source's settings.</summary>
    internal void TakeSecrets(IConfiguration configuration)
    {
        foreach (var (name, source) in this)
        {
            if (configuration[$"{SecretsSection}:{name}"] is { Length: > 0 } kept)
            {
                source.Secret = kept;
            }
        }
    }
}
