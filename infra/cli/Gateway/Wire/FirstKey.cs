namespace Proofgate.Cli.Gateway.Wire;

/// <summary>Answer of <c>POST /manage/init</c>.</summary>
internal sealed class FirstKey
{
    public required Secret Key { get; init; }

    public required string Kid { get; init; }

    public DateTimeOffset? Expires { get; init; }
}
