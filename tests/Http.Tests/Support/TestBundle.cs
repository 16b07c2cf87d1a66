using Proofgate.Support;

namespace Proofgate.Http.Tests.Support;

/// <summary>The sample bundle with a policy more, without its tests, in a folder of its own.</summary>
internal sealed class TestBundle : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <param name="policy">In Cedar; its <c>@id</c> is given.</param>
    /// <param name="arguments">What policies may see of tools' arguments, in the schema's words.</param>
    internal TestBundle(string policy, string arguments = "", string? tools = null)
    {
        foreach (var file in Directory.GetFiles(RepositoryRoot.Of("infra", "policy", "sample")))
        {
            File.Copy(file, _folder.Of(Path.GetFileName(file)));
        }

        var schema = _folder.Of("proofgate.cedarschema");
        File.WriteAllText(schema, File.ReadAllText(schema).Replace("type ToolArguments = {};", $"type ToolArguments = {{ {arguments} }};", StringComparison.Ordinal));
        if (policy.Length > 0)
        {
            File.WriteAllText(_folder.Of("more.cedar"), $"@id(\"more\")\n{policy}\n");
        }

        if (tools is not null)
        {
            var bundle = _folder.Of("bundle.json");
            File.WriteAllText(bundle, File.ReadAllText(bundle).Replace("\"name\": \"sample\",", $"\"name\": \"sample\", \"tools\": {tools},", StringComparison.Ordinal));
        }
    }

    internal (string, string?) Setting => ("Proofgate:Policy:Folder", _folder.Path);

    public void Dispose() => _folder.Dispose();
}
