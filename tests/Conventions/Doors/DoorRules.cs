using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Proofgate.Conventions.Tree;
using Proofgate.Http;

namespace Proofgate.Conventions.Doors;

/// <summary>
/// A door is one call into shared/. Its trigger names no verb, because the host answers 404 for one that is not registered and the front desk
/// answers 405; it asks for no function key, because that is not our identity; its template is the route table's.
/// </summary>
internal static class DoorRules
{
    internal static IEnumerable<Offence> OfHttp(IEnumerable<CSharpFile> files, string app, IReadOnlyCollection<Route> routes)
    {
        var doors = Functions(files).ToList();
        var served = routes.Where(r => r.App == HostApp.Both || r.App.ToString() == app).ToList();
        foreach (var (file, method, name) in doors)
        {
            var route = served.Find(r => $"nameof(Routes.{r.Name})" == name);
            if (route is null)
            {
                yield return file.At(method.Identifier, $"{name} is no route of {app}");
                continue;
            }

            foreach (var problem in Problems(method, route))
                yield return file.At(method.Identifier, problem);
        }

        foreach (var route in served.Where(r => doors.Count(d => d.Name == $"nameof(Routes.{r.Name})") != 1))
            yield return new Offence("functions/" + app, 1, $"route {route.Name} needs exactly one door");
    }

    /// <summary>Applies to doors of every kind: one expression, and that a call.</summary>
    internal static IEnumerable<Offence> ThatAreMoreThanOneCall(IEnumerable<CSharpFile> files) =>
        from door in Functions(files)
        where door.Method.ExpressionBody?.Expression is not InvocationExpressionSyntax
        select door.File.At(door.Method.Identifier, "a door is one call and nothing else");

    /// <summary>A trigger whose failures are not tried again for ever loses events: its checkpoint moves on.</summary>
    internal static IEnumerable<Offence> EventTriggersThatGiveUp(IEnumerable<CSharpFile> files) =>
        from door in Functions(files)
        where Attribute(door.Method.ParameterList.Parameters.SelectMany(static p => p.AttributeLists), "EventHubTrigger") is not null
        where Attribute(door.Method.AttributeLists, "ExponentialBackoffRetry")?.ArgumentList?.Arguments.FirstOrDefault()?.ToString() != "-1"
        select door.File.At(door.Method.Identifier, "an event trigger retries for ever, with growing pauses");

    internal static IEnumerable<(CSharpFile File, MethodDeclarationSyntax Method, string Name)> Functions(IEnumerable<CSharpFile> files) =>
        from file in files
        from method in file.All<MethodDeclarationSyntax>()
        let function = Attribute(method.AttributeLists, "Function")
        where function is not null
        select (file, method, function.ArgumentList!.Arguments[0].ToString());

    private static IEnumerable<string> Problems(MethodDeclarationSyntax method, Route route)
    {
        var parameters = method.ParameterList.Parameters;
        var trigger = Attribute(parameters.SelectMany(static p => p.AttributeLists), "HttpTrigger")?.ArgumentList?.Arguments.Select(static a => a.ToString()) ?? [];
        string[] wanted = ["AuthorizationLevel.Anonymous", $"Route = \"{route.Template[1..]}\""];
        if (!trigger.SequenceEqual(wanted))
            yield return $"the trigger must be HttpTrigger({string.Join(", ", wanted)})";
        if (parameters is not [{ Identifier.Text: var request }, { Identifier.Text: var stops }]
            || method.ExpressionBody?.Expression.ToString() != $"desk.HandleAsync(Routes.{route.Name}, {request}.HttpContext, {stops})")
            yield return $"the call must be desk.HandleAsync(Routes.{route.Name}, request.HttpContext, hostStops)";
        if (method.Parent is not ClassDeclarationSyntax type || !type.Modifiers.Any(SyntaxKind.PublicKeyword) || !type.Modifiers.Any(SyntaxKind.SealedKeyword))
            yield return "a door's class is public and sealed";
    }

    private static AttributeSyntax? Attribute(IEnumerable<AttributeListSyntax> lists, string name) =>
        lists.SelectMany(static l => l.Attributes).FirstOrDefault(a => a.Name.ToString() == name);
}
