namespace Proofgate.Inference;

/// <summary>What a provider's protocol needs: how its requests are read, how its answers are rewritten, how its errors look.</summary>
public interface IDialect
{
    /// <summary>Name in the ledger, for example <c>openai.chat</c>.</summary>
    string Name { get; }

    /// <summary>Path of the operation below an upstream's base address, or below its deployment's.</summary>
    string UpstreamPath { get; }

    /// <summary>Whether Azure OpenAI has the operation below each deployment; else it is there once, and the body names the deployment.</summary>
    bool IsPerDeployment { get; }

    /// <summary>Whether an upstream of this protocol understands the dialect.</summary>
    bool IsSpokenBy(UpstreamProtocol protocol);

    /// <summary>Reads a whole request body once. What is inspected is what is sent.</summary>
    DialectRead Read(ReadOnlyMemory<byte> body, RequestOrigin origin);

    /// <summary>Starts the rewriting of one answer.</summary>
    IAnswerRewriter CreateRewriter(InferenceRequest request, RedactionPlan plan);
}
