namespace Proofgate.Cli.Tests.Support;

/// <summary>A request as the fake gateway received it.</summary>
internal sealed record SeenRequest(string Method, string Path, string Authorization, IReadOnlyDictionary<string, string> Headers, string Body);
