using System.Text.Json.Nodes;
using Proofgate.Identity.ApiKeys;

namespace Proofgate.Identity.Tests.Support;

/// <summary>A room that takes proofs, and in it an API key that is bound to a key pair.</summary>
internal sealed class Bound : IAsyncDisposable
{
    private Bound(Room room, ProofSmith smith, ApiKey key)
    {
        Room = room;
        Smith = smith;
        Key = key;
    }

    public Room Room { get; }

    public ProofSmith Smith { get; }

    public ApiKey Key { get; }

    public string Credential => Key.Reveal();

    public static async Task<Bound> CreateAsync(string algorithm = "ES256", params (string Key, string Value)[] settings)
    {
        var room = await Room.ReadyAsync([("Proofgate:PublicOrigins:0", Room.Origin), .. settings]);
        var smith = ProofSmith.Create(algorithm);
        var key = (await room.CreateAsync()).Key;
        await BindAsync(room, key, smith);
        return new Bound(room, smith, key);
    }

    public static Task BindAsync(Room room, ApiKey key, ProofSmith smith)
    {
        room.Store.Change(key.Id, r => r with { Thumbprint = smith.Thumbprint });
        return room.ReadFeedAsync();
    }

    public string Proof(Action<JsonObject, JsonObject>? bend = null) => Smith.Make(Room.Time, Credential, bend);

    /// <summary>Sends the key with each of these as a DPoP header.</summary>
    public Task<AuthenticationResult> SendAsync(params string[] proofs) => SendAsync(static r => r, proofs);

    public Task<AuthenticationResult> SendAsync(Func<PresentedRequest, PresentedRequest> change, params string[] proofs) =>
        Room.Authenticator.AuthenticateAsync(
            change(Room.Request("192.0.2.1", [("Authorization", "DPoP " + Credential), .. proofs.Select(static p => ("DPoP", p))])), CancellationToken.None).AsTask();

    public async Task<AuthenticationResult.Refused> RefusedAsync(params string[] proofs) => Assert.IsType<AuthenticationResult.Refused>(await SendAsync(proofs));

    public async Task AssertRefusedAsync(string reason, string proof)
    {
        var refused = await RefusedAsync(proof);
        Assert.Equal((401, "invalid_dpop_proof", reason, AuthenticationScheme.DPoP), (refused.Status, refused.Code, refused.Reason, refused.Scheme));
    }

    public async Task<AuthenticationResult.Authenticated> AcceptedAsync(string proof) =>
        Assert.IsType<AuthenticationResult.Authenticated>(await SendAsync(proof));

    public async ValueTask DisposeAsync()
    {
        Smith.Dispose();
        await Room.DisposeAsync();
    }
}
