namespace Proofgate.SelfHost.SampleModel;

/// <summary>A choice: the whole message, or a stream's delta.</summary>
internal sealed record SampleChoice(int Index, SampleMessage? Message, SampleMessage? Delta, string? FinishReason);
