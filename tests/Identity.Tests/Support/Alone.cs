namespace Proofgate.Identity.Tests.Support;

/// <summary>Tests that measure the process's memory: what others allocate at the same time is not theirs.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
