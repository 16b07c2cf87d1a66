using static Proofgate.Identity.AuthenticationResult;

namespace Proofgate.Identity.Tests.Support;

/// <summary>What tests of tokens ask of an answer.</summary>
internal static class Answers
{
    /// <summary>What is denied must be known before anybody is let in, as on a host, where the feed is read all the time.</summary>
    public static async Task<Caller> AcceptsAsync(this Room room, string token)
    {
        await room.ReadFeedAsync();
        var answer = await room.BearerAsync(token);
        return Assert.IsType<Authenticated>(answer).Caller;
    }

    /// <summary>A8: one status, one code and one description, whatever the reason.</summary>
    public static async Task RefusesAsync(this Room room, string token, string reason)
    {
        var refused = Assert.IsType<Refused>(await room.BearerAsync(token));
        Assert.Equal((401, "invalid_token", reason), (refused.Status, refused.Code, refused.Reason));
        Assert.Equal(reason == "expired_token" ? "The token has expired." : "The credential is not valid.", refused.Description);
    }

    public static async Task IsUnavailableAsync(this Room room, string token)
    {
        var refused = Assert.IsType<Refused>(await room.BearerAsync(token));
        Assert.Equal((503, "temporarily_unavailable", "issuer_unavailable"), (refused.Status, refused.Code, refused.Reason));
        Assert.NotNull(refused.RetryAfter);
        Assert.Empty(room.ChallengesFor(refused));
    }
}
