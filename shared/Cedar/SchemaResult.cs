namespace Proofgate.Cedar;

/// <summary>What became of a schema's text.</summary>
public abstract record SchemaResult
{
    private SchemaResult()
    {
    }

    public sealed record Parsed(Schema Schema) : SchemaResult;

    /// <summary>Nothing of the text is used. At most <see cref="CedarLimits.Errors"/>.</summary>
    public sealed record Failed(IReadOnlyList<CedarError> Errors) : SchemaResult;
}
