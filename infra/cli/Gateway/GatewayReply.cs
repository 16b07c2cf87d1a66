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

    internal sealed record KeyRotated(RotatedKey Key) : GatewayReply;

    /// <summary>Revoked or bound: as it is now.</summary>
    internal sealed record KeyChanged(KeyRecord Record) : GatewayReply;

    internal sealed record LeakReported(LeakReceipt Receipt) : GatewayReply;

    internal sealed record DenialsListed(DenyListing Listing) : GatewayReply;

    /// <summary>Added or lifted.</summary>
    internal sealed record DenialChanged(DenyRecord Record) : GatewayReply;

    internal sealed record PolicyShown(PolicyStatus Status) : GatewayReply;

    internal sealed record PolicyChecked(BundleJudgement Judgement) : GatewayReply;

    /// <summary>Activated or rolled back.</summary>
    internal sealed record PolicyChanged(ActivationRecord Activation) : GatewayReply;

    /// <summary>A file, whole.</summary>
    internal sealed record Received(byte[] Bytes) : GatewayReply;

    internal sealed record Failed(CliError Error) : GatewayReply;
}
