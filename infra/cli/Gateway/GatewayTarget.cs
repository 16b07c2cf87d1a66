namespace Proofgate.Cli.Gateway;

/// <summary>Where the gateway is.</summary>
/// <param name="Address">Ends with a slash; https, or http on this machine.</param>
/// <param name="StateFile">The state file that named it; null where the caller did.</param>
/// <param name="KeysFolder">The <c>.proofgate</c> folder whose keys are this gateway's; null where they belong to another.</param>
internal sealed record GatewayTarget(Uri Address, string? StateFile, string? KeysFolder)
{
    /// <summary>The option that an address is given with, for who has to correct it.</summary>
    internal string AddressOption { get; init; } = "--gateway";

    /// <summary>Reads an address that a person gave. A key must not cross a network in clear, nor an address carry one.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    internal static string? Check(string text, out Uri address)
    {
        address = new Uri("http://127.0.0.1/");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var parsed) || (parsed.Scheme != Uri.UriSchemeHttps && parsed.Scheme != Uri.UriSchemeHttp))
        {
            return "is not an http or https address";
        }

        if (parsed.UserInfo.Length > 0 || parsed.Query.Length > 0 || parsed.Fragment.Length > 0)
        {
            return "has a user, query or fragment, which an address of a gateway has not";
        }

        if (parsed.Scheme == Uri.UriSchemeHttp && !parsed.IsLoopback)
        {
            return "would send the key in clear: use https";
        }

        address = parsed.AbsolutePath.EndsWith('/') ? parsed : new Uri(parsed.AbsoluteUri + "/");
        return null;
    }
}
