namespace Proofgate.Data;

/// <summary>Section <c>Proofgate:DataSources</c>: what a deployment knows of each connection that its bundle names.</summary>
public sealed class DataSourcesOptions : Dictionary<string, DataSourceSettings>
{
    public const string Section = "Proofgate:DataSources";

    public DataSourcesOptions()
        : base(StringComparer.OrdinalIgnoreCase)
    {
    }
}
