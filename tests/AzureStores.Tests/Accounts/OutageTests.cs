using Azure;
using Azure.Identity;
using Proofgate.AzureStores.Accounts;

namespace Proofgate.AzureStores.Tests.Accounts;

public sealed class OutageTests
{
    public static TheoryData<Exception, bool, string> Failures { get; } = new()
    {
        { Status(503, "ServerBusy"), true, "status 503 ServerBusy" },
        { Status(429, null), true, "status 429" },
        { Status(403, "AuthorizationFailure"), true, "status 403 AuthorizationFailure" },
        { Status(404, "TableNotFound"), true, "status 404 TableNotFound" },
        { Status(409, "TableBeingDeleted"), true, "status 409 TableBeingDeleted" },
        { Status(0, null), true, "no connection" },
        { new TaskCanceledException(), true, "no answer in 10 s" },
        { new CredentialUnavailableException("no identity at http://169.254.169.254"), true, "no token for the configured identity" },
        { new AuthenticationFailedException("secret"), true, "no token for the configured identity" },
        { new HttpRequestException("no route to 10.0.0.1"), true, "no connection" },
        { new AggregateException(Status(503, "ServerBusy"), Status(500, "InternalError")), true, "status 500 InternalError" },
        { Status(409, "EntityAlreadyExists"), false, "status 409 EntityAlreadyExists" },
        { Status(412, "UpdateConditionNotSatisfied"), false, "status 412 UpdateConditionNotSatisfied" },
        { Status(400, "InvalidInput"), false, "status 400 InvalidInput" },
        { Status(413, "RequestBodyTooLarge"), false, "status 413 RequestBodyTooLarge" },
        { new AggregateException(Status(503, "ServerBusy"), new InvalidOperationException()), false, "no connection" },
        { new InvalidOperationException(), false, "no connection" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Outage_IsToldFromAnswersAndBugs(Exception failure, bool outage, string description)
    {
        Assert.Equal(outage, Outage.Is(failure, CancellationToken.None));
        Assert.Equal(description, Outage.Describe(failure));
    }

    [Fact]
    public void Outage_IsNoCallerThatCancels() => Assert.False(Outage.Is(new OperationCanceledException(), new CancellationToken(canceled: true)));

    private static RequestFailedException Status(int status, string? code) => new(status, "as the test asked", code, null);
}
