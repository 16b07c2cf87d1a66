using Proofgate.Identity;
using Proofgate.Policy;

namespace Proofgate.Enforcement.Tools;

/// <summary>
/// Something that has tools, and perhaps resources: the datasets, the registered servers. It names them and runs what was admitted. Whether a caller may use one is asked of policy by
/// whoever lists or calls (<c>useTool</c>); a source that has decisions of its own makes them besides.
/// </summary>
public interface IToolSource
{
    /// <summary>The tools that there are for a caller under a bundle. Nothing of the caller's is sent anywhere for it.</summary>
    /// <param name="bundle">What decides.</param>
    /// <param name="caller">For whom.</param>
    /// <param name="only">The one name that is asked about: nobody need be asked about others. Null: all.</param>
    /// <param name="cancellationToken">The caller has left.</param>
    /// <returns>None where the source cannot be asked at the moment.</returns>
    ValueTask<IReadOnlyList<ToolDescription>> ListToolsAsync(PolicyBundle bundle, Caller caller, string? only, CancellationToken cancellationToken);

    /// <summary>The same of resources.</summary>
    ValueTask<IReadOnlyList<ToolResource>> ListResourcesAsync(PolicyBundle bundle, Caller caller, CancellationToken cancellationToken);

    /// <summary>Runs a tool. The arguments have its schema's form.</summary>
    /// <exception cref="ToolSourceException">It did not answer.</exception>
    Task<ToolAnswer> CallAsync(AdmittedCall<ToolCall> call, CancellationToken cancellationToken);

    /// <summary>Reads a resource.</summary>
    /// <exception cref="ToolSourceException">It did not answer.</exception>
    Task<ToolAnswer> ReadAsync(AdmittedCall<ResourceCall> call, CancellationToken cancellationToken);
}
