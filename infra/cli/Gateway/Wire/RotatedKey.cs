namespace Proofgate.Cli.Gateway.Wire;

/// <summary>Answer of <c>POST /manage/keys/{kid}/rotate</c>.</summary>
internal sealed class RotatedKey
{
    public required Secret Key { get; init; }

    public required KeyRecord Record { get; init; }

    /// <summary>The old key; it holds until its new <see cref="KeyRecord.Expires"/>.</summary>
    public required KeyRecord Retired { get; init; }
}
