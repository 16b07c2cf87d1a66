using Microsoft.CodeAnalysis.CSharp.Syntax;
using Proofgate.Conventions.Tree;
using Proofgate.Http;

namespace Proofgate.Conventions.Doors;

public sealed class DoorTests
{
    [Fact]
    public void Doors_Compile_AgainstTheRoomsAndTheDeclaredSdk() => Verdict.None(DoorCompiler.All.SelectMany(DoorCompiler.Errors));

    [Theory]
    [InlineData("Gateway")]
    [InlineData("Manage")]
    public void Doors_AreTheRoutesOfTheTable(string app) => Verdict.None(DoorRules.OfHttp(Repository.In("functions/" + app), app, Routes.All.ToList()));

    [Fact]
    public void Doors_AreOneCall() => Verdict.None(DoorRules.ThatAreMoreThanOneCall(Repository.In(DoorCompiler.Apps.Select(static a => "functions/" + a))));

    [Fact]
    public void EventTriggers_NeverGiveUp()
    {
        var writer = Repository.In("functions/AuditWriter").ToList();
        Assert.Contains(DoorRules.Functions(writer), static d => d.Method.ToString().Contains("EventHubTrigger", StringComparison.Ordinal));
        Verdict.None(DoorRules.EventTriggersThatGiveUp(writer));
    }

    [Fact]
    public void Transport_IsOneCall_WithoutLoopOrState()
    {
        var file = Repository.CSharp.Single(static f => f.Path == "shared/EventHubs/EventHubTransport.cs");
        var type = Assert.Single(file.All<ClassDeclarationSyntax>());
        var method = Assert.IsType<MethodDeclarationSyntax>(Assert.Single(type.Members));
        // What the service refused may be told as such; it is asked once.
        Assert.Single(method.DescendantNodes().OfType<InvocationExpressionSyntax>(), static call => call.Expression.ToString() == "producer.SendAsync");
        Assert.DoesNotContain(
            method.DescendantNodes(), static node => node is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax or GotoStatementSyntax);
        Assert.True(file.Root.ToFullString().Split('\n').Length < 100);
    }

    [Fact]
    public void Routes_AreDistinctEndpoints_OffTheHostsOwnPaths()
    {
        Assert.All(Routes.All, static r => Assert.True(r.Endpoint.IsAssignableTo(typeof(IEndpoint)) && r.Endpoint.IsSealed, $"{r.Name}: {r.Endpoint} must be a sealed IEndpoint"));
        Assert.All(Routes.All, static r => Assert.True(r.Template.StartsWith('/') && r.Template.Split('/')[1] is not ("admin" or "runtime"), r.Template));
        Assert.Equal(Routes.All.Count, Routes.All.Select(static r => r.Name).Distinct().Count());
        Assert.Equal(Routes.All.Count, Routes.All.Select(static r => r.Template).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Table_ListsEveryRoute() => Assert.Equal(
        typeof(Routes).GetProperties().Where(static p => p.PropertyType == typeof(Route)).Select(static p => p.Name).Order(),
        Routes.All.Select(static r => r.Name).Order());

    [Fact]
    public void Door_IsFound_WhenItDoesNotCompile()
    {
        var door = Door("[HttpTrigger(AuthorizationLevel.Anonymous, Route = \"v1/models\")]", "desk.HandelAsync(Routes.Models, request.HttpContext, hostStops)");
        Verdict.At(DoorCompiler.Errors(DoorCompiler.CompileDoor("Gateway", [door])).Where(static o => o.What.StartsWith("CS1061", StringComparison.Ordinal)), 9);
        var sdk = Door("[HttpTrigger(AuthorizationLevel.Anonymous, Route = \"v1/models\", Proxy = 1)]", "desk.HandleAsync(Routes.Models, request.HttpContext, hostStops)");
        Verdict.At(DoorCompiler.Errors(DoorCompiler.CompileDoor("Gateway", [sdk])).Where(static o => o.What.StartsWith("CS0246", StringComparison.Ordinal)), 8);
    }

    [Theory]
    [InlineData("[HttpTrigger(AuthorizationLevel.Function, Route = \"v1/models\")]", "desk.HandleAsync(Routes.Models, request.HttpContext, hostStops)", "the trigger")]
    [InlineData("[HttpTrigger(AuthorizationLevel.Anonymous, \"get\", Route = \"v1/models\")]", "desk.HandleAsync(Routes.Models, request.HttpContext, hostStops)", "the trigger")]
    [InlineData("[HttpTrigger(AuthorizationLevel.Anonymous, Route = \"v1/model\")]", "desk.HandleAsync(Routes.Models, request.HttpContext, hostStops)", "the trigger")]
    [InlineData("[HttpTrigger(AuthorizationLevel.Anonymous, Route = \"v1/models\")]", "desk.HandleAsync(Routes.Keys, request.HttpContext, hostStops)", "the call")]
    [InlineData("[HttpTrigger(AuthorizationLevel.Anonymous, Route = \"v1/models\")]", "desk.HandleAsync(Routes.Models, request.HttpContext)", "the call")]
    public void Door_IsFound_WhenItDiffersFromItsRoute(string trigger, string call, string what)
    {
        var offences = DoorRules.OfHttp([Door(trigger, call)], "Gateway", [Routes.Models]).ToList();
        Assert.StartsWith(what, Assert.Single(offences).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Doors_AreFound_WhenTheyAreMissingOrUnknown() =>
        Assert.Equal(
            ["nameof(Routes.Models) is no route of Gateway", "route ChatCompletions needs exactly one door"],
            DoorRules.OfHttp([Door("[HttpTrigger]", "desk.HandleAsync()")], "Gateway", [Routes.ChatCompletions, Routes.Keys]).Select(static o => o.What));

    [Fact]
    public void Doors_AreFound_WhenTheyDoMoreThanCall_OrGiveUp()
    {
        var file = CSharpFile.Parse("functions/AuditWriter/D.cs", """
            class D
            {
                [Function("A")] Task A(int x) { Work(); return desk.HandleAsync(x); }
                [Function("B")] Task B(int x) => x > 0 ? desk.HandleAsync(x) : Task.CompletedTask;
                [Function("C")] Task C([EventHubTrigger("hub")] int[] x) => inlet.AppendAsync(x);
                [Function("D")][ExponentialBackoffRetry(5, "00:00:01", "00:01:00")] Task D([EventHubTrigger("hub")] int[] x) => inlet.AppendAsync(x);
                [Function("E")][ExponentialBackoffRetry(-1, "00:00:01", "00:01:00")] Task E([EventHubTrigger("hub")] int[] x) => inlet.AppendAsync(x);
            }
            """);
        Verdict.At(DoorRules.ThatAreMoreThanOneCall([file]), 3, 4);
        Verdict.At(DoorRules.EventTriggersThatGiveUp([file]), 5, 6);
    }

    private static CSharpFile Door(string trigger, string call) => CSharpFile.Parse("functions/Gateway/D.cs", $$"""
        using Microsoft.AspNetCore.Http;
        using Microsoft.Azure.Functions.Worker;
        using Proofgate.Http;

        public sealed class D(FrontDesk desk)
        {
            [Function(nameof(Routes.Models))]
            public Task Models({{trigger}} HttpRequest request, CancellationToken hostStops) =>
                {{call}};
        }
        """);
}
