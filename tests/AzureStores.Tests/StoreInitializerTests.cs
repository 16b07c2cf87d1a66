using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Proofgate.Support;

namespace Proofgate.AzureStores.Tests;

[Collection(AzuriteGroup.Name)]
public sealed class StoreInitializerTests(AzuriteFixture azurite)
{
    private readonly SteppedTime _time = new();

    [Fact]
    public async Task Tables_AreCreated_AndMayBeThereAlready()
    {
        string[] names = [$"A{Guid.NewGuid():N}", $"B{Guid.NewGuid():N}"];
        var tables = names.Select(name => new TableClient(azurite.ConnectionString, name)).ToArray();
        await Initializer(tables).InitializeAsync(CancellationToken.None);
        await tables[0].AddEntityAsync(new TableEntity("p", "r"));
        await Initializer(tables).InitializeAsync(CancellationToken.None);

        Assert.True((await tables[0].GetEntityIfExistsAsync<TableEntity>("p", "r")).HasValue);
        Assert.False((await tables[1].GetEntityIfExistsAsync<TableEntity>("p", "r")).HasValue);
    }

    [Fact]
    public async Task Creation_IsTriedAgain_UntilTheServiceAnswers()
    {
        var table = Failing(3, 503, "ServerBusy");
        await DriveAsync(Initializer(table.Object).InitializeAsync(CancellationToken.None));
        table.Verify(static t => t.CreateIfNotExistsAsync(It.IsAny<CancellationToken>()), Times.Exactly(4));
    }

    [Fact]
    public async Task Creation_IsTriedAgain_WhileTheTableIsBeingDeleted()
    {
        var table = Failing(2, 409, "TableBeingDeleted");
        await DriveAsync(Initializer(table.Object).InitializeAsync(CancellationToken.None));
        table.Verify(static t => t.CreateIfNotExistsAsync(It.IsAny<CancellationToken>()), Times.Exactly(3));
    }

    [Fact]
    public async Task Creation_IsGivenUp_AfterHalfAMinute()
    {
        var started = _time.GetUtcNow();
        var table = Failing(int.MaxValue, 503, "ServerBusy");
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => DriveAsync(Initializer(table.Object).InitializeAsync(CancellationToken.None)));
        Assert.Equal("Table 'Audit' could not be created: status 503 ServerBusy.", error.Message);
        Assert.InRange(_time.GetUtcNow() - started, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30.5));
    }

    [Fact]
    public async Task Creation_IsGivenUpAtOnce_WithoutTheRight()
    {
        var table = Failing(int.MaxValue, 403, "AuthorizationPermissionMismatch");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Initializer(table.Object).InitializeAsync(CancellationToken.None));
        table.Verify(static t => t.CreateIfNotExistsAsync(It.IsAny<CancellationToken>()), Times.Once());
    }

    private StoreInitializer Initializer(params TableClient[] tables) => new(tables, _time, NullLogger<StoreInitializer>.Instance);

    private static Mock<TableClient> Failing(int times, int status, string code)
    {
        var table = new Mock<TableClient>();
        var calls = 0;
        table.SetupGet(static t => t.Name).Returns("Audit");
        table.Setup(static t => t.CreateIfNotExistsAsync(It.IsAny<CancellationToken>())).Returns(() => calls++ < times
            ? Task.FromException<Response<TableItem>>(new RequestFailedException(status, "as the test asked", code, null))
            : Task.FromResult(Response.FromValue(new TableItem("Audit"), Mock.Of<Response>())));
        return table;
    }

    private Task DriveAsync(Task task) => _time.DriveAsync(task, TimeSpan.FromSeconds(1));
}
