using Proofgate.Cli.Gateway.Wire;

namespace Proofgate.Cli.Output;

/// <summary>What <c>--json</c> prints for a new key: where it was written, or the key itself where it is to be shown.</summary>
internal sealed record IssuedKeyDocument
{
    public required string Kid { get; init; }

    public string? KeyFile { get; init; }

    public string? Key { get; init; }

    public DateTimeOffset? Expires { get; init; }

    /// <summary>Set by <c>keys create</c> and <c>keys rotate</c>.</summary>
    public KeyRecord? Record { get; init; }

    /// <summary>Set by <c>keys rotate</c>: the old key's record.</summary>
    public KeyRecord? Retired { get; init; }

    public override string ToString() => Kid;
}
