using Proofgate.Http.Manage;
using Proofgate.Identity.ApiKeys;

namespace Proofgate.SelfHost;

/// <summary>The two keys of the local run, made on the first start and made again when they are lost, revoked or about to expire.</summary>
internal sealed record LocalKeys(string Sample, string Admin)
{
    private static readonly TimeSpan MinLife = TimeSpan.FromDays(1);

    internal static async Task<LocalKeys> EnsureAsync(IServiceProvider services, StateFolder state, CancellationToken cancellationToken)
    {
        var admin = await EnsureAsync(services, state.AdminKeyFile, Administrator, cancellationToken);
        var sample = await EnsureAsync(services, state.SampleKeyFile, Developer, cancellationToken);
        return new LocalKeys(sample, admin);
    }

    private static ApiKeySpec Administrator => new()
    {
        Name = "local administrator",
        Owner = "local-administrator",
        Tenant = "default",
        Environment = "test",
        Roles = new HashSet<string> { InitializationEndpoint.AdministratorRole },
    };

    private static ApiKeySpec Developer => new()
    {
        Name = "sample",
        Owner = "sample-app",
        Tenant = "default",
        Environment = "test",
        Roles = new HashSet<string> { "developer" },
    };

    private static async Task<string> EnsureAsync(
        IServiceProvider services, string file, ApiKeySpec spec, CancellationToken cancellationToken)
    {
        if (await StillGoodAsync(services, file, cancellationToken) is { } kept)
        {
            return kept;
        }

        var keys = services.GetRequiredService<KeyAdministration>();
        var creation = spec.Roles.Contains(InitializationEndpoint.AdministratorRole)
            ? await keys.InitializeAsync(spec, cancellationToken)
            : new ApiKeyCreation.AlreadyInitialized();
        if (creation is ApiKeyCreation.AlreadyInitialized)
        {
            // Whoever may write this folder may have a key: the machine's owner.
            creation = await keys.CreateAsync(spec, KeyAdministration.System, null, cancellationToken);
        }

        var key = ((ApiKeyCreation.Created)creation).Key.Reveal();
        StateFolder.WriteSecret(file, key + Environment.NewLine);
        return key;
    }

    private static async Task<string?> StillGoodAsync(IServiceProvider services, string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file) || !ApiKey.TryParse((await File.ReadAllTextAsync(file, cancellationToken)).Trim(), out var key))
        {
            return null;
        }

        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var record = await services.GetRequiredService<IApiKeyStore>().FindAsync(key.Id, cancellationToken);
        return record is { State: ApiKeyState.Active } && (record.Expires is not { } expires || expires - now > MinLife) ? key.Reveal() : null;
    }
}
