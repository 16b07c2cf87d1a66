using System.Text.Json.Nodes;
using Proofgate.Audit.Checkpoints;

namespace Proofgate.SelfHost;

/// <summary><c>state.json</c>: where the running gateway is, for the <c>proofgate</c> command. No secret but Azurite's public key.</summary>
internal static class LocalState
{
    /// <summary>The emulator's account. The connection string of any other holds a secret, which this file must not.</summary>
    private const string Emulated = "AccountName=devstoreaccount1;";

    internal static void Write(StateFolder state, WebApplication app)
    {
        var found = new JsonObject
        {
            ["version"] = 1,
            ["gateway"] = app.Urls.First(),
            ["processId"] = Environment.ProcessId,
            ["evidence"] = state.EvidenceFolder,
            ["logKey"] = app.Services.GetRequiredService<CheckpointWriter>().Key.ToString(),
            ["hub"] = app.Configuration["Proofgate:Audit:Hub"],
        };
        if (app.Configuration["Proofgate:Storage:ConnectionString"] is { } connection && connection.Contains(Emulated, StringComparison.Ordinal))
        {
            found["storage"] = new JsonObject { ["connectionString"] = connection };
        }

        StateFolder.WriteSecret(state.StateFile, found.ToJsonString());
    }

    internal static void Remove(StateFolder state) => File.Delete(state.StateFile);
}
