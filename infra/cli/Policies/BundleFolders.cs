using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Proofgate.Data;
using Proofgate.Enforcement;
using Proofgate.Inference;
using Proofgate.Policy;
using Proofgate.Policy.Bundles;

namespace Proofgate.Cli.Policies;

/// <summary>Finds bundles and reads them with the very code that the gateway reads them with, its rooms' own parts included. Their tests are not run: who asks for them wants to see what they find.</summary>
internal sealed class BundleFolders(CliHost host)
{
    private const string Manifest = "bundle.json";

    private static readonly string Sample = Path.Combine("infra", "policy", "sample");

    /// <summary>A folder that was named; else this folder if it is a bundle, else the sample of the repository around it.</summary>
    internal BundleOutcome Load(string? named)
    {
        if (!TryLocate(named, out var folder, out var path, out var error))
        {
            return new BundleOutcome.Failed(error);
        }

        try
        {
            if (!BundleFolder.TryRead(path, out var files, out var problem))
            {
                return new BundleOutcome.Unsound(folder, [problem]);
            }

            return Loader().LoadUntested(files) switch
            {
                BundleLoad.Loaded loaded => new BundleOutcome.Loaded(folder, loaded.Bundle, files),
                BundleLoad.Rejected rejected => new BundleOutcome.Unsound(folder, rejected.Problems),
                _ => throw new InvalidOperationException("A load has two ends."),
            };
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new BundleOutcome.Failed(Unreadable(folder, unreadable));
        }
    }

    /// <summary>The same folder, whatever is in it.</summary>
    internal bool TryLocate(
        string? named, [NotNullWhen(true)] out string? folder, [NotNullWhen(true)] out string? path, [NotNullWhen(false)] out CliError? error)
    {
        (folder, path, error) = (named ?? Find(), null, null);
        if (folder is null)
        {
            error = CliError.Usage("bundle_unknown", $"no policy bundle is known here: name its folder, or go to it or into the repository with {Sample}.");
            return false;
        }

        path = Path.GetFullPath(folder, host.Folder);
        if (!Directory.Exists(path))
        {
            error = CliError.Unreachable("bundle_missing", $"the folder '{folder}' does not exist.");
        }

        return error is null;
    }

    internal static CliError Unreadable(string folder, Exception unreadable) =>
        CliError.Unreachable("bundle_unreadable", $"the folder '{folder}' cannot be read: {unreadable.Message}");

    private string? Find()
    {
        if (File.Exists(Path.Combine(host.Folder, Manifest)))
        {
            return host.Folder;
        }

        for (var folder = new DirectoryInfo(host.Folder); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Sample, Manifest)))
            {
                return Path.Combine(folder.FullName, Sample);
            }
        }

        return null;
    }

    private static BundleLoader Loader()
    {
        var services = new ServiceCollection().AddLogging();
        var nothing = new ConfigurationBuilder().Build();
        services.AddProofgateEnforcement(nothing).AddProofgateInference(nothing).AddProofgateCatalog();
        return new BundleLoader(services.BuildServiceProvider().GetServices<IBundleSection>());
    }
}
