namespace Proofgate.Http.Mcp;

/// <summary>What became of a body.</summary>
internal abstract record RpcRead
{
    private RpcRead()
    {
    }

    internal sealed record Understood(RpcMessage Message) : RpcRead;

    internal sealed record Rejected(string Code, string Text) : RpcRead;
}
