namespace Proofgate.Policy.Bundles;

/// <summary>
/// Decides where nobody has activated a bundle yet: administrators may manage what is their tenant's, and nobody may do anything else. Without it
/// nobody could be permitted to activate the first one. An author's signature is needed for that all the same.
/// </summary>
internal static class BootstrapBundle
{
    internal static PolicyBundle Load(BundleLoader loader) => loader.Load(new Dictionary<string, byte[]>
    {
        [ManifestFile.Name] = """{ "name": "bootstrap" }"""u8.ToArray(),
        ["bootstrap.cedar"] =
            """
            @id("bootstrap-administrators-manage-their-tenant")
            permit (principal in Proofgate::Role::"administrator", action == Proofgate::Action::"manage", resource)
            when { principal.tenant == resource.tenant };
            """u8.ToArray(),
    }) is BundleLoad.Loaded loaded ? loaded.Bundle : throw new InvalidOperationException("The bundle that serves before the first activation is not sound.");
}
