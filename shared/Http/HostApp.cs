namespace Proofgate.Http;

/// <summary>The function app that serves a route. SelfHost serves all of them.</summary>
public enum HostApp
{
    Gateway,
    Manage,
    Both,
}
