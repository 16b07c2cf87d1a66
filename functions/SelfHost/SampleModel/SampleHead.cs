namespace Proofgate.SelfHost.SampleModel;

/// <summary>What all chunks of one answer have in common.</summary>
internal sealed record SampleHead(string Id, long Created, string Model);
