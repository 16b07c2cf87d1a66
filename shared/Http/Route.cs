namespace Proofgate.Http;

/// <summary>One entry of the route table.</summary>
/// <param name="Name">Name of the route, and of its function in the doors.</param>
/// <param name="Template">ASP.NET route template with a leading slash.</param>
/// <param name="Methods">Methods that are served; any other is answered 405 with <c>Allow</c>.</param>
/// <param name="Access">Which controls apply.</param>
/// <param name="Errors">The error shape that the route's own clients expect.</param>
/// <param name="App">Which function app serves it.</param>
/// <param name="Endpoint">The type that handles it.</param>
/// <param name="Versioned">Whether its clients say in the query which version of the API they mean (Azure OpenAI).</param>
public sealed record Route(
    string Name, string Template, IReadOnlyList<string> Methods, Access Access, ErrorStyle Errors, HostApp App, Type Endpoint, bool Versioned = false)
{
    /// <summary>Its path, where clients know it as a resource of its own (RFC 9728): those of MCP name no other.</summary>
    internal string? Resource => Errors == ErrorStyle.JsonRpc ? Template : null;
}
