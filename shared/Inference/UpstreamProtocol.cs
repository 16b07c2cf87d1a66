namespace Proofgate.Inference;

/// <summary>What an upstream speaks. A call goes only to an upstream that speaks its dialect: nothing is translated.</summary>
public enum UpstreamProtocol
{
    /// <summary>OpenAI's, also as vLLM, Ollama and llama.cpp speak it: the model's name is in the body.</summary>
    OpenAi,

    /// <summary>Azure OpenAI's: the deployment is in the path, the version in the query.</summary>
    AzureOpenAi,

    /// <summary>Anthropic's.</summary>
    Anthropic,
}
