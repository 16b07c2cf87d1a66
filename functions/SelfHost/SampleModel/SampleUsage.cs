namespace Proofgate.SelfHost.SampleModel;

/// <summary>Tokens, estimated.</summary>
internal sealed record SampleUsage(int PromptTokens, int CompletionTokens, int TotalTokens);
