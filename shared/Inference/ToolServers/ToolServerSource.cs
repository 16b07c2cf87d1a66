using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofgate.Enforcement;
using Proofgate.Enforcement.Tools;
using Proofgate.Identity;
using Proofgate.Policy;

namespace Proofgate.Inference.ToolServers;

/// <summary>The registered servers' tools, as far as the bundle allows them and they are what it says.</summary>
internal sealed class ToolServerSource(ToolServerClient client, IOptions<ToolOptions> options, TimeProvider time, ILogger<ToolServerSource> log) : IToolSource
{
    /// <summary>What is known goes with the bundle that it was held against.</summary>
    private readonly ConditionalWeakTable<ToolServer, ToolServerState> _states = [];

    public async ValueTask<IReadOnlyList<ToolDescription>> ListToolsAsync(PolicyBundle bundle, Caller caller, string? only, CancellationToken cancellationToken)
    {
        var asked = ToolServerCatalog.Of(bundle).Servers.Values.Where(s => s.Address is not null && (only is null || s.Owns(only))).ToList();
        var lists = await Task.WhenAll(asked.Select(s => StateOf(s).KnownAsync(cancellationToken)));
        return [.. lists.SelectMany(static l => l)];
    }

    public async Task<ToolAnswer> CallAsync(AdmittedCall<ToolCall> call, CancellationToken cancellationToken)
    {
        var server = ToolServerCatalog.Of(call.Call.Bundle).Servers[call.Call.Tool.Source];
        var tool = server.Tools.Values.Single(t => t.PublicName == call.Call.Tool.Name);
        await StateOf(server).RequireHeardAsync(cancellationToken);
        return await client.CallAsync(server, tool.Name, call.Call.Arguments, cancellationToken);
    }

    /// <summary>Resources of servers are not served.</summary>
    public ValueTask<IReadOnlyList<ToolResource>> ListResourcesAsync(PolicyBundle bundle, Caller caller, CancellationToken cancellationToken) => new([]);

    public Task<ToolAnswer> ReadAsync(AdmittedCall<ResourceCall> call, CancellationToken cancellationToken) => throw new NotSupportedException();

    private ToolServerState StateOf(ToolServer server) => _states.GetValue(server, s => new ToolServerState(s, client, options.Value, time, log));
}
