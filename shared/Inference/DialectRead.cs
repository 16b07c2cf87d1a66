namespace Proofgate.Inference;

/// <summary>What became of reading a request body.</summary>
public abstract record DialectRead
{
    private DialectRead()
    {
    }

    public sealed record Understood(InferenceRequest Request) : DialectRead;

    /// <param name="Status">400 or 413.</param>
    /// <param name="Code">The error's code, for example <c>invalid_json</c>.</param>
    /// <param name="Message">One sentence that says what to change.</param>
    /// <param name="Param">The field at fault, where one is.</param>
    public sealed record Rejected(int Status, string Code, string Message, string? Param) : DialectRead;
}
