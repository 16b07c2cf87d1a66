using Azure.Core;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Inference.Upstreams;

namespace Proofgate.Inference.Tests.Upstreams;

public sealed class UpstreamTokensTests
{
    private const string Scope = "https://cognitiveservices.azure.com/.default";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 12, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly Identity _identity = new();

    [Fact]
    public async Task Token_IsAskedForOnce_HoweverManyCallsWait_AndReplacedBeforeItExpires()
    {
        var tokens = new UpstreamTokens(_time, new Lazy<TokenCredential>(_identity));
        var gate = new TaskCompletionSource<AccessToken>();
        _identity.Next = () => gate.Task;
        var waiting = Enumerable.Range(0, 8).Select(_ => tokens.GetAsync("azure", Scope, CancellationToken.None).AsTask()).ToList();
        gate.SetResult(new AccessToken("one", _time.GetUtcNow().AddHours(1)));
        Assert.All(await Task.WhenAll(waiting), static t => Assert.Equal("one", t));
        Assert.Equal(1, _identity.Asked);

        _time.Advance(TimeSpan.FromMinutes(54));
        Assert.Equal("one", await tokens.GetAsync("azure", Scope, CancellationToken.None));
        Assert.Equal(1, _identity.Asked);

        // Five minutes before its end it is replaced, and serves until the new one is there.
        _time.Advance(TimeSpan.FromMinutes(2));
        var renewal = new TaskCompletionSource<AccessToken>();
        _identity.Next = () => renewal.Task;
        Assert.Equal("one", await tokens.GetAsync("azure", Scope, CancellationToken.None));
        renewal.SetResult(new AccessToken("two", _time.GetUtcNow().AddHours(1)));
        Assert.Equal("two", await tokens.GetAsync("azure", Scope, CancellationToken.None));
        Assert.Equal(2, _identity.Asked);
    }

    [Fact]
    public async Task Outage_LeavesTheOldToken_UntilItIsAboutToExpire_AndThenFailsWithoutDetails()
    {
        var tokens = new UpstreamTokens(_time, new Lazy<TokenCredential>(_identity));
        _identity.Next = () => Task.FromResult(new AccessToken("one", _time.GetUtcNow().AddHours(1)));
        Assert.Equal("one", await tokens.GetAsync("azure", Scope, CancellationToken.None));
        _identity.Next = static () => Task.FromException<AccessToken>(new InvalidOperationException("tenant 0000-secret at http://169.254.169.254"));
        _time.Advance(TimeSpan.FromMinutes(57));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("one", await tokens.GetAsync("azure", Scope, CancellationToken.None));
        }

        // An identity that is down is not asked by every call.
        Assert.Equal(2, _identity.Asked);
        _time.Advance(TimeSpan.FromMinutes(3));
        var error = await Assert.ThrowsAsync<UpstreamException>(() => tokens.GetAsync("azure", Scope, CancellationToken.None).AsTask());
        Assert.Equal("No token could be had for the upstream 'azure'.", error.Message);
    }

    [Fact]
    public async Task CallThatLeaves_DoesNotTakeTheTokenFromThoseThatWaitToo()
    {
        var tokens = new UpstreamTokens(_time, new Lazy<TokenCredential>(_identity));
        var gate = new TaskCompletionSource<AccessToken>();
        _identity.Next = () => gate.Task;
        using var leaving = new CancellationTokenSource();
        var leaves = tokens.GetAsync("azure", Scope, leaving.Token).AsTask();
        var stays = tokens.GetAsync("azure", Scope, CancellationToken.None).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        gate.SetResult(new AccessToken("one", _time.GetUtcNow().AddHours(1)));
        Assert.Equal("one", await stays);
    }

    private sealed class Identity : TokenCredential
    {
        private int _asked;

        internal int Asked => _asked;

        internal Func<Task<AccessToken>> Next { get; set; } = static () => throw new InvalidOperationException();

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Assert.Equal([Scope], requestContext.Scopes);
            Interlocked.Increment(ref _asked);
            return await Next();
        }
    }
}
