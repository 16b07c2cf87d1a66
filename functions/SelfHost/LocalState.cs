using System.Text.Json.Nodes;
using Proofgate.Local;

namespace Proofgate.SelfHost;

/// <summary><c>state.json</c>: where the running gateway is, for the <c>proofgate</c> command. No secret but Azurite's public key.</summary>
internal static class LocalState
{
    internal static void Write(StateFolder state, WebApplication app, AzuriteServer azurite) => StateFolder.WriteSecret(
        state.StateFile,
        new JsonObject
        {
            ["version"] = 1,
            ["gateway"] = app.Urls.First(),
            ["processId"] = Environment.ProcessId,
            ["storage"] = new JsonObject
            {
                ["connectionString"] = azurite.ConnectionString,
                ["tableEndpoint"] = azurite.TableEndpoint.ToString(),
            },
            ["hub"] = app.Configuration["Proofgate:Audit:Hub"],
        }.ToJsonString());

    internal static void Remove(StateFolder state) => File.Delete(state.StateFile);
}
