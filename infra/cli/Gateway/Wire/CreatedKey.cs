namespace Proofgate.Cli.Gateway.Wire;

/// <summary>Answer of <c>POST /manage/keys</c>.</summary>
internal sealed class CreatedKey
{
    public required Secret Key { get; init; }

    public required KeyRecord Record { get; init; }
}
