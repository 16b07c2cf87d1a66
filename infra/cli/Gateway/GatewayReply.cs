using Proofgate.Cli.Gateway.Wire;

namespace Proofgate.Cli.Gateway;

/// <summary>What <c>/manage</c> answered.</summary>
internal abstract record GatewayReply
{
    private GatewayReply()
    {
    }

    /// <summary>The first administrator exists now.</summary>
    internal sealed record Initialized(FirstKey Key) : GatewayReply;

    internal sealed record KeyCreated(CreatedKey Key) : GatewayReply;

    internal sealed record KeysListed(KeyListing Listing) : GatewayReply;

    internal sealed record KeyRevoked(KeyRecord Record) : GatewayReply;

    internal sealed record Failed(CliError Error) : GatewayReply;
}
