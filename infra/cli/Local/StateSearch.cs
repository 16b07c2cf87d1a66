namespace Proofgate.Cli.Local;

/// <summary>What looking for <c>.proofgate</c> found.</summary>
internal abstract record StateSearch
{
    private StateSearch()
    {
    }

    /// <param name="State">Read and checked.</param>
    /// <param name="Folder">The <c>.proofgate</c> folder that it is in.</param>
    internal sealed record Found(LocalState State, string Folder) : StateSearch
    {
        internal string File => Path.Combine(Folder, StateFile.Name);
    }

    internal sealed record Absent : StateSearch;

    internal sealed record Unusable(CliError Error) : StateSearch;
}
