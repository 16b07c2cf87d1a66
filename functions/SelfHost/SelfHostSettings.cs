using Proofgate.AzureStores;
using Proofgate.Http;
using Proofgate.Local;
using Proofgate.Policy;

namespace Proofgate.SelfHost;

/// <summary>What must be known before the host is built: port, folder, and whether a provider is configured.</summary>
internal sealed record SelfHostSettings
{
    /// <summary>Short forms on the command line.</summary>
    internal static readonly Dictionary<string, string> Switches = new()
    {
        ["--port"] = $"{SelfHostOptions.Section}:{nameof(SelfHostOptions.Port)}",
        ["--state"] = $"{SelfHostOptions.Section}:{nameof(SelfHostOptions.StateFolder)}",
        ["--bundle"] = "Proofgate:Policy:Folder",
    };

    /// <summary>Sections that this host reads beside those of the rooms.</summary>
    internal static (string Section, Type Options)[] Sections =>
        [(SelfHostOptions.Section, typeof(SelfHostOptions)), (StorageOptions.Section, typeof(StorageOptions))];

    internal required SelfHostOptions Options { get; init; }

    internal required string StateFolder { get; init; }

    /// <summary>The repository's folder, where the sample bundle is; null outside one.</summary>
    internal required string? RepositoryRoot { get; init; }

    internal required bool HasUpstream { get; init; }

    /// <summary>Whether a storage is named, which others may use too; else one is started.</summary>
    internal required bool HasStorage { get; init; }

    /// <summary>Whether policy comes from a store of signed bundles; else a folder is the policy.</summary>
    internal required bool HasPolicyStore { get; init; }

    internal required IReadOnlyDictionary<string, string?> UpstreamSettings { get; init; }

    /// <exception cref="SelfHostException">A setting is wrong.</exception>
    internal static SelfHostSettings Read(string[] args)
    {
        IConfigurationRoot configuration;
        var options = new SelfHostOptions();
        try
        {
            configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args, Switches).Build();
            configuration.GetSection(SelfHostOptions.Section).Bind(options);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new SelfHostException($"{e.Message} Usage: dotnet run --project functions/SelfHost -- [--port 7071] [--state FOLDER] [--bundle FOLDER]", e);
        }

        var problems = SelfHostOptions.Problems(options)
            .Concat(SettingsGuard.UnknownKeys(configuration, Sections))
            .ToList();
        if (problems.Count > 0)
        {
            throw new SelfHostException(string.Join(Environment.NewLine + "  ", problems));
        }

        var repository = FindRepository();
        var (upstreams, any) = Upstreams.FromEnvironment(configuration);
        return new SelfHostSettings
        {
            Options = options,
            StateFolder = Path.GetFullPath(options.StateFolder ?? Path.Combine(repository ?? Environment.CurrentDirectory, ".proofgate")),
            RepositoryRoot = repository,
            HasUpstream = any,
            HasStorage = configuration[$"{StorageOptions.Section}:{nameof(StorageOptions.ConnectionString)}"] is not null
                || configuration[$"{StorageOptions.Section}:{nameof(StorageOptions.TableEndpoint)}"] is not null,
            HasPolicyStore = configuration[$"{PolicyOptions.Section}:{nameof(PolicyOptions.Store)}"] is not null,
            UpstreamSettings = upstreams,
        };
    }

    private static string? FindRepository()
    {
        try
        {
            return Repository.FindRoot();
        }
        catch (LocalSetupException)
        {
            // Outside a working copy: then the bundle must be named.
            return null;
        }
    }
}
