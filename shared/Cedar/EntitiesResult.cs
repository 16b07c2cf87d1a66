namespace Proofgate.Cedar;

/// <summary>What became of a list of entities.</summary>
public abstract record EntitiesResult
{
    private EntitiesResult()
    {
    }

    public sealed record Loaded(Entities Entities) : EntitiesResult;

    public sealed record Failed(IReadOnlyList<CedarError> Errors) : EntitiesResult;
}
