namespace Proofgate.Inference;

/// <summary>What a provider's protocol needs: how its requests are read, how its answers are rewritten, how its errors look.</summary>
public interface IDialect
{
    /// <summary>Name in the ledger, for example <c>openai.chat</c>.</summary>
    string Name { get; }

    /// <summary>Path of the operation below an upstream's base address.</summary>
    string UpstreamPath { get; }

    /// <summary>Reads a whole request body once. What is inspected is what is sent.</summary>
    DialectRead Read(ReadOnlyMemory<byte> body);

    /// <summary>Starts the rewriting of one answer.</summary>
    IAnswerRewriter CreateRewriter(InferenceRequest request, RedactionPlan plan);
}
