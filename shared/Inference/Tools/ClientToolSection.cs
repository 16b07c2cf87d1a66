using Proofgate.Cedar;
using Proofgate.Policy;

namespace Proofgate.Inference.Tools;

/// <summary>Reads <c>clientTools</c> of <c>bundle.json</c>: each has a source, which says where it leads, and a label.</summary>
internal sealed class ClientToolSection : IBundleSection
{
    private const int MaxNameLength = 128;

    public object Read(BundleReader bundle)
    {
        var tools = new Dictionary<string, Entity>(StringComparer.Ordinal);
        foreach (var (name, node) in bundle.Members("clientTools"))
        {
            var path = $"clientTools.{name}";
            if (name.Length is 0 or > MaxNameLength || name.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.')))
            {
                bundle.Problem(path, $"must have a name of 1 to {MaxNameLength} letters, digits, '_', '-' or '.'.");
                continue;
            }

            // What a caller's own tool does is not seen here: it leads outside unless its entry says otherwise.
            var external = !node.TryGetProperty("external", out _) || bundle.Flag(node, path, "external");
            tools[name] = Vocabulary.Tool(name, bundle.Text(node, path, "source"), bundle.Label(node, $"{path}.label", "label"), external);
        }

        return new ClientToolCatalog(tools);
    }
}
