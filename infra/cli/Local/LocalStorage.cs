namespace Proofgate.Cli.Local;

/// <summary>Azurite of the local run. Its account key is the published one that every Azurite has.</summary>
internal sealed record LocalStorage(string? ConnectionString, string? TableEndpoint)
{
    /// <summary>A connection string holds an account key and is not printed.</summary>
    public override string ToString() => TableEndpoint ?? string.Empty;
}
