namespace Proofgate.SelfHost.SampleModel;

/// <summary>A chat completion, or one chunk of it, in OpenAI's shape.</summary>
internal sealed record SampleCompletion(
    string Id, string Object, long Created, string Model, IReadOnlyList<SampleChoice> Choices, SampleUsage? Usage);
