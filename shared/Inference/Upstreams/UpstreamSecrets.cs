using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Proofgate.Inference.Models;

namespace Proofgate.Inference.Upstreams;

/// <summary>
/// Where the credentials of upstreams are: in their settings, or beside the other secrets as <c>Proofgate:Secrets:Upstreams:{name}</c>, which is what Key Vault makes of
/// its secret <c>Upstreams--{name}</c>. They are looked up each time, and so is the binding to hosts.
/// </summary>
internal sealed class UpstreamSecrets(IOptionsMonitor<UpstreamsOptions> settings, IConfiguration configuration, UpstreamTokens tokens)
{
    private const string Section = "Proofgate:Secrets:Upstreams";

    /// <summary>Whether this process can get tokens.</summary>
    internal bool HasIdentity => tokens.Available;

    internal UpstreamSettings SettingsOf(string name) => settings.CurrentValue.TryGetValue(name, out var found) ? found : new UpstreamSettings();

    internal string? ValueOf(string name) => configuration[$"{Section}:{name}"] is { Length: > 0 } kept ? kept : SettingsOf(name).Secret;

    internal UpstreamSecret Of(string name, Uri address) => new(() => SettingsOf(name).Binds(address) ? ValueOf(name) : null);
}
