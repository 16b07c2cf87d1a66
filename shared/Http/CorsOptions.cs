namespace Proofgate.Http;

/// <summary>Section <c>Proofgate:Cors</c>.</summary>
public sealed class CorsOptions
{
    public const string Section = "Proofgate:Cors";

    /// <summary>
    /// Origins whose pages may call this deployment from a browser, for example <c>https://app.example.com</c>; compared as they are. Default: none.
    /// There is no wildcard.
    /// </summary>
    public IList<string> Origins { get; } = [];

    internal IEnumerable<string> Problems()
    {
        for (var i = 0; i < Origins.Count; i++)
        {
            if (!Uri.TryCreate(Origins[i], UriKind.Absolute, out var uri)
                || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
                || Origins[i] != uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped))
            {
                yield return $"{Section}:{nameof(Origins)}:{i} must be an origin as browsers write it: https (http on loopback only), host in lower case, a port if need be, no slash at the end.";
            }
        }
    }
}
