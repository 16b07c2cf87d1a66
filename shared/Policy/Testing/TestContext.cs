using System.Net;

namespace Proofgate.Policy.Testing;

/// <summary>What is known of a call beside who calls, by the name that a test file gives it. What is null is the file's or the principal's.</summary>
internal sealed record TestContext(string Name, CallFacts Facts, DateTimeOffset Now)
{
    public IPAddress? Address { get; init; }

    public bool? Bound { get; init; }

    public string? Acr { get; init; }

    public TimeSpan? Age { get; init; }
}
