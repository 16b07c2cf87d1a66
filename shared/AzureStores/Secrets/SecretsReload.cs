namespace Proofgate.AzureStores.Secrets;

/// <summary>What became of one reading of the vault.</summary>
internal abstract record SecretsReload
{
    private SecretsReload()
    {
    }

    internal sealed record Unchanged : SecretsReload;

    internal sealed record Changed(int Count) : SecretsReload;

    /// <summary>The vault's values were read, and are not what settings may be: those before them stay in use.</summary>
    internal sealed record Refused(string Problem) : SecretsReload;

    /// <summary>The vault was out of reach; the values read at <paramref name="Read"/> are used until <paramref name="Until"/>.</summary>
    internal sealed record Kept(string Problem, DateTimeOffset Read, DateTimeOffset Until) : SecretsReload;

    /// <summary>It was out of reach for too long: no value is used any more.</summary>
    internal sealed record Dropped(TimeSpan Limit) : SecretsReload;
}
