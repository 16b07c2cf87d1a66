using System.Text.Json.Nodes;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;

namespace Proofgate.SelfHost;

/// <summary><c>state.json</c>: where the running gateway is, for the <c>proofgate</c> command. No secret but Azurite's public key.</summary>
internal static class LocalState
{
    /// <summary>The emulator's account. The connection string of any other holds a secret, which this file must not.</summary>
    private const string Emulated = "AccountName=devstoreaccount1;";

    /// <exception cref="SelfHostException">The key that signs the log is a vault's, and the vault does not show it.</exception>
    internal static async Task WriteAsync(StateFolder state, WebApplication app, CancellationToken cancellationToken)
    {
        var keys = await LogKeysAsync(app, cancellationToken);
        var found = new JsonObject
        {
            ["version"] = 1,
            ["gateway"] = app.Urls.First(),
            ["processId"] = Environment.ProcessId,
            ["evidence"] = state.EvidenceFolder,
            ["logKey"] = keys[0],
            ["logKeys"] = new JsonArray([.. keys.Select(static k => JsonValue.Create(k))]),
            ["hub"] = app.Configuration["Proofgate:Audit:Hub"],
        };
        if (app.Configuration["Proofgate:Storage:ConnectionString"] is { } connection && connection.Contains(Emulated, StringComparison.Ordinal))
        {
            found["storage"] = new JsonObject { ["connectionString"] = connection };
        }

        StateFolder.WriteSecret(state.StateFile, found.ToJsonString());
    }

    private static async Task<IReadOnlyList<string>> LogKeysAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await app.Services.GetRequiredService<CheckpointWriter>().KeysAsync(cancellationToken)).Select(static k => k.ToString())];
        }
        catch (Exception e) when (e is EvidenceUnavailableException or EvidenceDamagedException)
        {
            throw new SelfHostException(e.Message, e);
        }
    }

    internal static void Remove(StateFolder state) => File.Delete(state.StateFile);
}
