namespace Proofgate.SelfHost.SampleModel;

/// <summary>Text with the role that says it.</summary>
internal sealed record SampleMessage(string? Role, string? Content);
