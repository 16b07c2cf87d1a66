namespace Proofgate.Http.Tests.Faults;

/// <summary>Tests that measure memory and connections of the process: nothing runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
